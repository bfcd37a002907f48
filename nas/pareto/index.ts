export { distinctPoints, dominates, type Points } from './dominance.js';
export { nonDominated, nonDominated2d, nonDominatedPlain } from './filter.js';
export { nonDominationRanks, nonDominationRanks2d, nonDominationRanksPlain } from './rank.js';
export { crowdingDistances } from './crowding.js';
export { hypervolume, hypervolume2d } from './hypervolume.js';
export {
  additiveEpsilon,
  generationalDistance,
  generationalDistancePlus,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  multiplicativeEpsilon,
} from './indicators.js';
export { normalisationBy, normalised, type Normalisation } from './normalisation.js';
