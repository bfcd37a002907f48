import {
  absentChoice,
  encodingKey,
  positionsOf,
  type Encoding,
  type SearchSpace,
} from '../../space/index.js';
import { predictLatency, type LatencyTable } from '../latency-table.js';
import { distinctNetworks, fitAndHeldOut, planOf } from '../networks.js';
import { measuredNetworks, qualityOf } from '../quality.js';
import { FLOOR_ESTIMATOR } from '../statistics.js';
import {
  blockFeaturesOf,
  transferOf,
  type Positions,
  type TransferProblem,
  type TransferTable,
} from '../transfer/index.js';
import type { PerChoiceMs, PlannedSubject, ProfileEstimate, ProfilingMethod } from './method.js';
import { badOption, OptionReader, type CommonOptions } from './options.js';

/**
 * A table from about ten whole networks and the tables of the same space on other devices (docs/guides/transfer.md). The networks
 * are those that tell most about the others, found from the other devices alone. Options besides the common ones: `known`, a list
 * of `{ name, layers, fixedMs }`, one a known device. Details: `devices` (weights of the known ones and how they rank what was
 * measured), `leaveOneOut`, `disturbed` (networks to measure again) and `advice`.
 */
export const transfer: ProfilingMethod = {
  plan(space, options) {
    const { known, ...common } = optionsOf(space, options);
    const candidates = distinctNetworks(space, CANDIDATES, common.seed);
    const chosen = transferOf(problemOf(space, known, candidates)).choose(common.fitNetworks);
    const fit = chosen.flatMap((at): PlannedSubject[] => {
      const encoding = candidates[at];
      return encoding === undefined ? [] : [{ subject: { kind: 'NETWORK', encoding }, purpose: 'FIT' }];
    });
    return planOf(space, [...fit, ...heldOutFrom(space, fit, common)], common.batch);
  },

  estimate(space, options, results): ProfileEstimate {
    const { known, seed } = optionsOf(space, options);
    const { fit } = measuredNetworks(results);
    const measured = new Map(fit.map((network) => [encodingKey(network.encoding), network]));
    const others = distinctNetworks(space, CANDIDATES, seed).filter(
      (each) => !measured.has(encodingKey(each)),
    );
    const networks = [...measured.values()];
    const candidates = [...networks.map(({ encoding }) => encoding), ...others];
    const prediction = transferOf(problemOf(space, known, candidates)).predict(
      networks.map(({ measuredMs }, candidate) => ({ candidate, latencyMs: measuredMs })),
    );
    if (prediction.table === null) throw new Error('a space has positions');
    const { table, intervalMs } = latencyTableOf(space, known, prediction.table);
    const { devices, leaveOneOut, disturbed, advice } = prediction.explanation;
    return {
      table,
      uncorrected: table,
      intervalMs,
      isolatedMs: null,
      interceptMs: null,
      estimator: `${FLOOR_ESTIMATOR}; transferred from ${String(known.length)} devices by ${String(networks.length)} networks`,
      quality: qualityOf(results, { table, uncorrected: table, repeatability: null }),
      details: {
        advice,
        devices: devices.map((each) => ({ ...each, spearman: finite(each.spearman) })),
        leaveOneOut: {
          medianError: finite(leaveOneOut.medianError),
          spearman: finite(leaveOneOut.spearman),
          within90: finite(leaveOneOut.within90),
        },
        disturbed: disturbed.map(({ candidate, probability }) => ({
          encoding: candidates[candidate],
          probability,
        })),
      },
    };
  },
};

/** Networks that the samples are chosen from. */
const CANDIDATES = 4000;
const MOST_DEVICES = 64;
/** Of the normal distribution, two-sided. */
const Z95 = 1.96;

interface NamedTable extends LatencyTable {
  readonly name: string;
}

function optionsOf(
  space: SearchSpace,
  value: unknown,
): CommonOptions & { readonly known: readonly NamedTable[] } {
  const reader = new OptionReader(value);
  const given = reader.take('known');
  if (!Array.isArray(given) || given.length === 0 || given.length > MOST_DEVICES)
    throw badOption(`known: expected 1 to ${String(MOST_DEVICES)} tables of the space on other devices`);
  const known = given.map((each, at) => namedTable(space, each, `known ${String(at)}`));
  const common = reader.common({ fitNetworks: 10 });
  reader.done();
  if (common.fitNetworks < 3) throw badOption('fitNetworks: expected an integer from 3');
  return { ...common, known };
}

function namedTable(space: SearchSpace, value: unknown, where: string): NamedTable {
  const fields = new Map<string, unknown>(
    typeof value === 'object' && value !== null ? Object.entries(value) : [],
  );
  const name = fields.get('name');
  const given = fields.get('layers');
  const fixedMs = time(fields.get('fixedMs'), `${where}: fixedMs`);
  if (typeof name !== 'string' || name === '') throw badOption(`${where}: expected a name`);
  const positions = positionsOf(space);
  if (!Array.isArray(given) || given.length !== positions.length)
    throw badOption(
      `${where}: layers: expected ${String(positions.length)} lists, as ${space.name} has positions`,
    );
  const layers = positions.map(({ choices, name: position }, at) => {
    const entries: unknown = given[at];
    if (!Array.isArray(entries) || entries.length !== choices.length)
      throw badOption(`${where}: ${position}: expected ${String(choices.length)} times`);
    return entries.map((ms, choice) => time(ms, `${where}: ${position} ${choices[choice]?.name ?? ''}`));
  });
  if (fixedMs === 0 && layers.every((layer) => layer.some((ms) => ms === 0)))
    throw badOption(`${where}: a network of it takes no time`);
  return { name, layers, fixedMs };
}

function time(value: unknown, where: string): number {
  if (typeof value === 'number' && value >= 0 && value < Infinity) return value;
  throw badOption(`${where}: expected milliseconds`);
}

function problemOf(
  space: SearchSpace,
  known: readonly NamedTable[],
  candidates: readonly Encoding[],
): TransferProblem {
  const positions: Positions = {
    choices: positionsOf(space).map(({ choices }) => choices.length),
    encodings: candidates,
    blockFeatures: blockFeaturesOf(space),
  };
  return {
    known: known.map((table) => ({
      name: table.name,
      latencyMs: candidates.map((encoding) => predictLatency(table, encoding)),
      table: table.layers,
    })),
    positions,
  };
}

/** Random networks that are none of those to fit on. */
function heldOutFrom(
  space: SearchSpace,
  fit: readonly PlannedSubject[],
  { heldOutNetworks, seed, batch }: CommonOptions,
): readonly PlannedSubject[] {
  const taken = new Set(
    fit.map(({ subject }) => (subject.kind === 'NETWORK' ? encodingKey(subject.encoding) : '')),
  );
  const wanted = { fitNetworks: 0, heldOutNetworks: heldOutNetworks + taken.size, seed: seed + 1, batch };
  return fitAndHeldOut(space, wanted)
    .filter(({ subject }) => subject.kind === 'NETWORK' && !taken.has(encodingKey(subject.encoding)))
    .slice(0, heldOutNetworks);
}

/**
 * Effects around a mean network as latencies of blocks. Networks tell only what choices differ by: a choice that costs nothing on
 * every known device costs nothing here, and where a position has none, its blocks take the share of a network that they take on
 * the known devices on average. Noise can push a tiny block below 0, which no block costs.
 */
function latencyTableOf(
  space: SearchSpace,
  known: readonly NamedTable[],
  { levelMs, effectMs, deviationMs }: TransferTable,
): { readonly table: LatencyTable; readonly intervalMs: ProfileEstimate['intervalMs'] } {
  const anchors = positionsOf(space).map((position) => {
    const free = position.choices.findIndex(
      (_, choice) =>
        choice === absentChoice(position) ||
        known.every(({ layers }) => layers[position.index]?.[choice] === 0),
    );
    const effects = effectMs[position.index] ?? [];
    const shiftMs = free < 0 ? shareOf(known, position.index) * levelMs : -(effects[free] ?? 0);
    return { free: free < 0 ? undefined : free, shiftMs };
  });
  const perChoice = (of: (ms: number, deviation: number) => number): PerChoiceMs =>
    effectMs.map((effects, position) => {
      const { free, shiftMs = 0 } = anchors[position] ?? {};
      return effects.map((effect, choice) =>
        choice === free ? 0 : Math.max(0, of(effect + shiftMs, deviationMs(position, choice, free))),
      );
    });
  const blocksMs = anchors.reduce((sum, { shiftMs }) => sum + shiftMs, 0);
  return {
    table: { layers: perChoice((ms) => ms), fixedMs: Math.max(0, levelMs - blocksMs) },
    intervalMs: {
      low: perChoice((ms, deviation) => ms - Z95 * deviation),
      high: perChoice((ms, deviation) => ms + Z95 * deviation),
    },
  };
}

/** What the mean block of a position takes of the mean network, mean over the known devices. */
function shareOf(known: readonly NamedTable[], position: number): number {
  const average = (entries: readonly number[]): number =>
    entries.reduce((sum, ms) => sum + ms, 0) / entries.length;
  return average(
    known.map(({ layers, fixedMs }) => {
      const network = layers.reduce((sum, entries) => sum + average(entries), fixedMs);
      return average(layers[position] ?? []) / network;
    }),
  );
}

/** JSON knows no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
