export { SearchError, type SearchErrorCode } from './error.js';
export type { Evaluated, Objectives, Sampler } from './sampler.js';
export {
  regularizedEvolution,
  restoreRegularizedEvolution,
  type EvolutionSampler,
  type EvolutionSettings,
} from './regularized-evolution.js';
export { nsga2, restoreNsga2, type Nsga2Settings } from './nsga2.js';
export { errorLimit, latencyLimit, violation, type Limit } from './limit.js';
export { randomSearch, restoreRandomSearch, type RandomSearchSettings } from './random-search.js';
export {
  repruningEvolution,
  restoreRepruningEvolution,
  type RepruningSampler,
  type RepruningSettings,
} from './repruning-evolution.js';
export {
  exhaustiveSearch,
  restoreExhaustiveSearch,
  type ExhaustiveSearchSettings,
} from './exhaustive-search.js';
export { localSearch, restoreLocalSearch, type LocalSearchSettings } from './local-search.js';
export {
  randomMutationSearch,
  restoreRandomMutationSearch,
  type RandomMutationSettings,
} from './random-mutation-search.js';
export {
  constrainedEvolution,
  restoreConstrainedEvolution,
  type ConstrainedEvolutionSettings,
} from './constrained-evolution.js';
export { unitsOf, type Unit } from './units.js';
export { runSearch } from './run.js';
export {
  additiveLatency,
  objectiveTable,
  runTableSearch,
  tableTrials,
  type ObjectiveTable,
  type TableTrials,
} from './table.js';
export {
  CHECKPOINTS,
  convergence,
  evaluationsToTarget,
  type Convergence,
  type TargetIndicator,
  type TrialObjectives,
} from './convergence.js';
export { summariseTargets, targetSpeedup, type EvaluationsToTarget, type TargetSpeedup } from './targets.js';
