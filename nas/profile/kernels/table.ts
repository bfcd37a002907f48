import { builtSitesOf, chainOf, networkOf } from '../../graph/index.js';
import { positionsOf, typicalEncoding, type SearchSpace } from '../../space/index.js';
import { predictLatency, type LatencyTable } from '../latency-table.js';
import { Prediction, type KernelPredictor } from './predictor.js';

/**
 * What a predictor says of every block of a space, as the table that the rest of the product works with: the kernels of each block by
 * itself, over the places of its position. The fixed part is what the typical network has besides, with what is fused across the
 * borders of its blocks.
 */
export function predictedTable(space: SearchSpace, predictor: KernelPredictor): LatencyTable {
  const prediction = new Prediction(predictor);
  const layers = positionsOf(space).map(({ index, choices }) =>
    choices.map((_, choice) =>
      builtSitesOf(space, index, choice).reduce(
        (sum, { site, copies }) =>
          sum + copies * prediction.network(chainOf(space, index, choice, 1, site)).ms,
        0,
      ),
    ),
  );
  const typical = typicalEncoding(space);
  const blocksMs = predictLatency({ layers, fixedMs: 0 }, typical);
  const wholeMs = prediction.network(networkOf(space, typical)).ms;
  return { layers, fixedMs: Math.max(0, wholeMs - blocksMs) };
}
