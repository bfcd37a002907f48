import type { SearchSpace } from '../space/index.js';
import { predictLatency, type LatencyTable } from './latency-table.js';
import type { MeasuredNetwork } from './quality.js';

/**
 * The table scaled to whole networks, which run faster or slower together than blocks in chains: scale and offset by least squares
 * of the relative error over (sum of blocks, measured). The table itself below three networks, or when that makes no sense.
 */
export function corrected(
  _space: SearchSpace,
  table: LatencyTable,
  networks: readonly MeasuredNetwork[],
): LatencyTable {
  if (networks.length < 3) return table;
  let [ss, s1, ones, st, t1] = [0, 0, 0, 0, 0];
  for (const { encoding, measuredMs } of networks) {
    const [s, one] = [predictLatency({ ...table, fixedMs: 0 }, encoding) / measuredMs, 1 / measuredMs];
    ss += s * s;
    s1 += s * one;
    ones += one * one;
    st += s;
    t1 += one;
  }
  const determinant = ss * ones - s1 * s1;
  const scale = (st * ones - s1 * t1) / determinant;
  const offset = (ss * t1 - s1 * st) / determinant;
  if (!(scale > 0 && offset >= 0)) return table;
  return { layers: table.layers.map((layer) => layer.map((ms) => ms * scale)), fixedMs: offset };
}
