import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encodingIndex, nasBenchMacro, notationsOf, spaceSize } from '@espalier/nas/space';
import { readCsv } from '../public-tables/csv.js';
import { measuredLatency, MEASURED_TARGETS } from './latencies.js';
import { additivelyTabulated, type TabulatedSpace } from './tabulated.js';

const FILE = 'nasbench-macro-cifar10.csv.gz';

/**
 * NAS-Bench-Macro (Su et al. 2021) on every target that its blocks were measured on; nothing where the folder lacks the file.
 * Encodings that are one network agree in the file up to their seeds: the network has their mean.
 */
export function nasBenchMacroTables(dataFolder: string): readonly TabulatedSpace[] {
  if (!existsSync(join(dataFolder, FILE))) return [];
  const error = nasBenchMacroErrors(dataFolder);
  return MEASURED_TARGETS.flatMap((target) => {
    const latency = measuredLatency(nasBenchMacro, target);
    return latency === null ? [] : [additivelyTabulated(target, error, latency)];
  });
}

/** Error in percent of every network, in the order of `encodingIndex`; RangeError when the file lacks one. */
export function nasBenchMacroErrors(dataFolder: string): Float64Array {
  const path = join(dataFolder, FILE);
  const notation = notationsOf(nasBenchMacro).find(({ name }) => name === 'nasbench-macro');
  if (notation === undefined) throw new RangeError('the space has lost its notation');
  const sum = new Float64Array(Number(spaceSize(nasBenchMacro)));
  const rows = new Uint16Array(sum.length);
  for (const { arch = '', mean_acc } of readCsv(path)) {
    const index = encodingIndex(nasBenchMacro, notation.parse(nasBenchMacro, [arch]));
    sum[index] = (sum[index] ?? NaN) + 100 - Number(mean_acc);
    rows[index] = (rows[index] ?? 0) + 1;
  }
  return sum.map((total, index) => {
    const count = rows[index] ?? 0;
    if (count === 0 || !Number.isFinite(total))
      throw new RangeError(`${path}: no accuracy of network ${String(index)}`);
    return total / count;
  });
}
