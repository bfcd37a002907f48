import {
  nsga2,
  objectiveTable,
  regularizedEvolution,
  runTableSearch,
  tableTrials,
  type EvolutionSampler,
} from '@espalier/nas/search';
import { fashionBlox, spaceSize } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import { rateFigure, type Figure } from './figure.js';

/**
 * Evaluations per second on a table of three layers of 45 choices. NSGA-II against pymoo as recorded: population 100, a
 * generation of 100 children or one child at a time; regularized evolution: population 50, tournament 10.
 */
export function measureSearch(): Figure[] {
  const random = createRandom(1);
  const column = (): Float64Array =>
    Float64Array.from({ length: Number(spaceSize(fashionBlox)) }, () => random.float());
  const table = objectiveTable(fashionBlox, column(), column());
  const evaluations = 500_000;
  const row = (name: string, peer: number, sampler: () => EvolutionSampler): Figure =>
    rateFigure(name, 'evaluations/s', peer, evaluations, () => {
      runTableSearch(sampler(), table, tableTrials(evaluations), evaluations);
    });
  return [
    row('search.nsga2.generational', 16_600, () => nsga2(fashionBlox, { seed: 1 })),
    row('search.nsga2.steady', 394, () => nsga2(fashionBlox, { seed: 1, childCount: 1 })),
    row('search.regularized', 1_000_000, () => regularizedEvolution(fashionBlox, { seed: 1 })),
  ];
}
