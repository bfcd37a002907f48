import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { blockFeaturesOf, type CandidateFeature, type Positions } from '@espalier/nas/profile';
import { family, notationsOf, positionsOf } from '@espalier/nas/space';
import { createRandom, shuffled } from '@espalier/nas/stats';
import { readCsv, type Row } from '../public-tables/csv.js';

/** Candidates with their latencies on many devices, and who predicts whom from what. */
export interface TransferSet {
  readonly name: string;
  /** Milliseconds of every candidate. */
  readonly latencyMs: ReadonlyMap<string, Float64Array>;
  /** Candidates that samples are taken from, and those that are predicted; the first `poolSize` and the next `testSize`. */
  readonly poolSize: number;
  readonly testSize: number;
  readonly positions?: Positions;
  readonly features?: readonly CandidateFeature[];
  readonly targets: readonly string[];
  readonly knownFor: (target: string) => readonly string[];
  /** HELP's published mean on these targets, null where it has none. */
  readonly help: number | null;
  readonly reach: number | null;
}

/** The sets whose files lie in the folder; what is missing is said. */
export function transferSets(folder: string): readonly TransferSet[] {
  const sets: readonly (readonly [string, (path: string) => TransferSet | readonly TransferSet[]])[] = [
    ['fbnet-latency.csv.gz', fbnets],
    ['nasbench201-nnmeter.csv.gz', nasBench201],
    ['blocklut-cnn-vit-phones.csv.gz', phoneBlocks],
  ];
  return sets.flatMap(([file, read]) => {
    const path = join(folder, file);
    if (existsSync(path)) return read(path);
    console.error(`transfer.spearman: ${path} is not there, its rows are left out`);
    return [];
  });
}

/** Train and test devices of HELP's FBNet experiment (Lee et al. 2021, Table 2, and the scripts published with it). */
const FBNET_KNOWN: readonly string[] = [
  '1080ti_1',
  '1080ti_32',
  '1080ti_64',
  'silver_4114',
  'silver_4210r',
  'samsung_a50',
  'pixel3',
  'essential_ph_1',
  'samsung_s7',
];
const FBNET_TARGETS: readonly string[] = ['raspi4', 'eyeriss', 'fpga'];

/**
 * HELP's three targets; the nine known devices, each predicted by those that are not of its kind, on which everything was chosen;
 * and the fifteen devices that are neither.
 */
function fbnets(path: string): readonly TransferSet[] {
  const rows = readCsv(path);
  const space = family('fbnet-cifar100');
  const set = {
    latencyMs: columnsOf(rows),
    poolSize: 4000,
    testSize: 1000,
    positions: {
      choices: positionsOf(space).map(({ choices }) => choices.length),
      encodings: rows.map((row) => (row['ops'] ?? '').split('-').map(Number)),
      blockFeatures: blockFeaturesOf(space),
    },
    help: null,
    reach: null,
  };
  const kind = (device: string): string => /^(1080ti|silver)/.exec(device)?.[0] ?? device;
  const others = [...set.latencyMs.keys()].filter(
    (device) => !FBNET_KNOWN.includes(device) && !FBNET_TARGETS.includes(device),
  );
  return [
    { ...set, name: 'fbnet', targets: FBNET_TARGETS, knownFor: () => FBNET_KNOWN, help: 0.91, reach: 0.92 },
    {
      ...set,
      name: 'fbnet-known',
      targets: FBNET_KNOWN,
      knownFor: (target) => FBNET_KNOWN.filter((device) => kind(device) !== kind(target)),
    },
    { ...set, name: 'fbnet-others', targets: others, knownFor: () => FBNET_KNOWN },
  ];
}

/** Of the rows those with a latency on all four devices, in the order of the file: 900 to take samples from, 1,000 to predict. */
function nasBench201(path: string): TransferSet {
  const all = readCsv(path);
  const devices = latencyColumns(all);
  const rows = all.filter((row) => devices.every((device) => row[device] !== ''));
  const space = family('nasbench201-cifar10');
  const notation = notationsOf(space).find(({ name }) => name === 'nasbench-201');
  if (notation === undefined) throw new Error('NAS-Bench-201 has no notation of its publication');
  const targets = devices.map(withoutUnit);
  return {
    name: 'nasbench201-nnmeter',
    latencyMs: columnsOf(rows),
    poolSize: 900,
    testSize: 1000,
    positions: {
      choices: positionsOf(space).map(({ choices }) => choices.length),
      encodings: rows.map((row) => notation.parse(space, [row['arch'] ?? ''])),
      blockFeatures: blockFeaturesOf(space),
    },
    targets,
    knownFor: (target) => targets.filter((name) => name !== target),
    help: null,
    reach: 0.95,
  };
}

/** Single blocks, which have no positions: their kind and the logarithms of size and channels are features. */
function phoneBlocks(path: string): TransferSet {
  const rows = shuffled(readCsv(path), createRandom(1));
  const targets = latencyColumns(rows).map(withoutUnit);
  const kinds = [...new Set(rows.map((row) => row['block'] ?? ''))].sort();
  const number = (row: Row, at: number): number => Math.log(Number((row['key'] ?? '').split('_')[at]));
  return {
    name: 'phone-blocks',
    latencyMs: columnsOf(rows),
    poolSize: 4000,
    testSize: 1000,
    features: [
      ...kinds.map((kind) => ({ name: kind, values: rows.map((row) => Number(row['block'] === kind)) })),
      { name: 'log size', values: rows.map((row) => number(row, 1)) },
      { name: 'log channels', values: rows.map((row) => number(row, 2)) },
    ],
    targets,
    knownFor: (target) => targets.filter((name) => name !== target),
    help: null,
    reach: null,
  };
}

function columnsOf(rows: readonly Row[]): ReadonlyMap<string, Float64Array> {
  return new Map(
    latencyColumns(rows).map((name) => [
      withoutUnit(name),
      Float64Array.from(rows, (row) => Number(row[name])),
    ]),
  );
}

function latencyColumns(rows: readonly Row[]): readonly string[] {
  return Object.keys(rows[0] ?? {}).filter((name) => name.endsWith('_ms'));
}

function withoutUnit(name: string): string {
  return name.slice(0, -'_ms'.length);
}
