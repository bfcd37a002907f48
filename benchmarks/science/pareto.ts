import {
  DynamicFront,
  hypervolume2d,
  hypervolume3d,
  nonDominated2d,
  nonDominated3d,
  nonDominationRanks2d,
  nonDominationRanks3d,
} from '@espalier/nas/pareto';
import { createRandom } from '@espalier/nas/stats';
import { durationFigure, type Figure } from './figure.js';

const QUICK = 25;

/** Two and three objectives, against moocore (C) as recorded; README.md says how to run it beside this. */
export function measurePareto(): Figure[] {
  const random = createRandom(1);
  const uniform = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.float());
  const [manyX, manyY, manyZ] = [uniform(1_000_000), uniform(1_000_000), uniform(1_000_000)];
  const [someX, someY] = [uniform(91_125), uniform(91_125)];
  const [fewX, fewY, fewZ] = [uniform(10_000), uniform(10_000), uniform(10_000)];
  const lineX = uniform(100_000);
  const lineY = lineX.map((x) => 1 - x);
  const planeZ = fewX.map((x, i) => 2 - x - (fewY[i] ?? NaN));
  return [
    durationFigure('pareto.filter.2d', 80, () => nonDominated2d(manyX, manyY)),
    durationFigure('pareto.filter.3d', 118, () => nonDominated3d(manyX, manyY, manyZ)),
    durationFigure('pareto.filter.hard/2d', 1.95, () => nonDominated2d(lineX, lineY), QUICK),
    durationFigure('pareto.filter.hard/3d', 1.53, () => nonDominated3d(fewX, fewY, planeZ), QUICK),
    durationFigure('pareto.rank.2d', 8.7, () => nonDominationRanks2d(someX, someY), QUICK),
    durationFigure('pareto.rank.3d', 6.5, () => nonDominationRanks3d(fewX, fewY, fewZ), QUICK),
    durationFigure('pareto.hypervolume.2d', 3.4, () => hypervolume2d(lineX, lineY, 1.1, 1.1), QUICK),
    durationFigure(
      'pareto.hypervolume.3d',
      1.73,
      () => hypervolume3d(fewX, fewY, planeZ, 1.1, 1.1, 2.1),
      QUICK,
    ),
    frontUpdate(manyX),
  ];
}

/** Microseconds to take one of a million members out of their front and another in, the mean of many. */
function frontUpdate(x: Float64Array): Figure {
  const random = createRandom(2);
  const front = new DynamicFront();
  const handles = Int32Array.from(x, (each) => front.insert(each, 1 - each));
  const updates = 20_000;
  const { value, ...row } = durationFigure('pareto.front.update', NaN, () => {
    for (let i = 0; i < updates; i++) {
      const at = random.int(handles.length);
      front.remove(handles[at] ?? -1);
      const moved = random.float();
      handles[at] = front.insert(moved, 1 - moved);
    }
  });
  return { ...row, value: (1000 * value) / updates, unit: 'µs', peer: null, ratio: null };
}
