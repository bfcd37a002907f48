import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { predictLatency } from '@espalier/nas/profile';
import { family, notationsOf, type Encoding, type SearchSpace } from '@espalier/nas/space';
import { readCsv } from '../../public-tables/csv.js';
import { ofaBlockLatencies, type BlockLatencies } from '../../public-tables/ofa-block-latency.js';

const ACCURACIES = 'ofa-mbv3w10-imagenet-accuracy.csv.gz';
const LAYERS = 'blocklut-ofa-mbv3-i7-8700k.csv.gz';

/** A network whose ImageNet accuracy was measured (DyNAS-T); its latency is the sum over a table of layers (NSGANetV2). */
export interface MeasuredOfaNetwork {
  readonly encoding: Encoding;
  /** 100 − top-1, percent. */
  readonly error: number;
  readonly latencyMs: number;
  /** The searches that came upon it. */
  readonly searches: readonly string[];
}

export interface OfaMeasurements {
  readonly space: SearchSpace;
  readonly networks: readonly MeasuredOfaNetwork[];
  /** Of an Intel i7-8700K. */
  readonly latency: BlockLatencies;
}

/**
 * OFA-MobileNetV3 of width 1.0 at 224 pixels from the folder of public tables (docs/guides/public-tables.md): 2,162 networks.
 * Rows that describe the same network are one, with the mean of their evaluations. RangeError names a file that is missing.
 */
export function readOfaMeasurements(folder: string): OfaMeasurements {
  const paths = [ACCURACIES, LAYERS].map((file) => join(folder, file));
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined)
    throw new RangeError(`${missing} is not there; expected --data FOLDER with the public tables`);
  const [accuracies = '', layers = ''] = paths;
  const space = family('ofa-mbv3-w10');
  const notation = notationsOf(space).find(({ name }) => name === 'ofa');
  if (notation === undefined) throw new Error(`${space.name} has no notation of its publication`);
  const latency = ofaBlockLatencies(space, readCsv(layers));
  const found = new Map<string, { encoding: Encoding; sum: number; evaluations: number; searches: Set<string> }>(); // prettier-ignore
  for (const row of readCsv(accuracies)) {
    const encoding = notation.parse(
      space,
      ['ks', 'e', 'd', 'r'].map((column) => row[column] ?? ''),
    );
    const key = encoding.join('.');
    const one = found.get(key) ?? { encoding, sum: 0, evaluations: 0, searches: new Set<string>() };
    found.set(key, one);
    const evaluations = Number(row['n_evals']);
    one.sum += evaluations * (100 - Number(row['imagenet_top1_mean']));
    one.evaluations += evaluations;
    for (const run of (row['runs'] ?? '').split(' ')) one.searches.add(run.slice(0, run.lastIndexOf(':')));
  }
  const networks = [...found.values()].map(({ encoding, sum, evaluations, searches }) => ({
    encoding,
    error: sum / evaluations,
    latencyMs: predictLatency({ layers: latency.layers, fixedMs: latency.fixedMs }, encoding),
    searches: [...searches],
  }));
  return { space, networks, latency };
}
