export { distinctPoints, dominates, type Points } from './dominance.js';
export { nonDominated, nonDominatedPlain } from './filter.js';
export { nonDominated2d } from './filter-2d.js';
export { nonDominated3d } from './filter-3d.js';
export { nonDominationRanks, nonDominationRanksPlain } from './rank.js';
export { nonDominationRanks2d } from './rank-2d.js';
export { nonDominationRanks3d } from './rank-3d.js';
export { crowdingDistances } from './crowding.js';
export { hypervolume, hypervolume2d } from './hypervolume.js';
export { hypervolume3d } from './hypervolume-3d.js';
export {
  additiveEpsilon,
  generationalDistance,
  generationalDistancePlus,
  invertedGenerationalDistance,
  invertedGenerationalDistancePlus,
  multiplicativeEpsilon,
} from './indicators.js';
export { DynamicFront, type PointHandle } from './dynamic-front.js';
export { attainmentSurface } from './attainment.js';
export { normalisationBy, normalised, type Normalisation } from './normalisation.js';
