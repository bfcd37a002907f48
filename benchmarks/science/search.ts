import { regularizedEvolution, objectiveTable, runTableSearch, tableTrials } from '@espalier/nas/search';
import { fashionBlox, spaceSize } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import { rateFigure, type Figure } from './figure.js';

/** Evaluations per second on a table: population 50, tournament 10, three layers of 45 choices. */
export function measureSearch(): Figure[] {
  const random = createRandom(1);
  const column = (): Float64Array =>
    Float64Array.from({ length: Number(spaceSize(fashionBlox)) }, () => random.float());
  const table = objectiveTable(fashionBlox, column(), column());
  const evaluations = 500_000;
  return [
    rateFigure('search.regularized', 'evaluations/s', 1_000_000, evaluations, () => {
      const sampler = regularizedEvolution(fashionBlox, { seed: 1 });
      runTableSearch(sampler, table, tableTrials(evaluations), evaluations);
    }),
  ];
}
