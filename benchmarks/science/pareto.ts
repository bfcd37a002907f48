import { hypervolume2d, nonDominated2d, nonDominationRanks2d } from '@espalier/nas/pareto';
import { createRandom } from '@espalier/nas/stats';
import { durationFigure, type Figure } from './figure.js';

/** Two objectives, against moocore (C) as recorded on a 2-core machine. */
export function measurePareto(): Figure[] {
  const random = createRandom(1);
  const uniform = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.float());
  const [manyX, manyY] = [uniform(1_000_000), uniform(1_000_000)];
  const [someX, someY] = [uniform(91_125), uniform(91_125)];
  const frontX = uniform(100_000);
  const frontY = frontX.map((x) => 1 - x);
  return [
    durationFigure('pareto.filter.2d', 80, () => nonDominated2d(manyX, manyY)),
    durationFigure('pareto.rank.2d', 8.7, () => nonDominationRanks2d(someX, someY)),
    durationFigure('pareto.hypervolume.2d', 3.4, () => hypervolume2d(frontX, frontY, 1.1, 1.1)),
  ];
}
