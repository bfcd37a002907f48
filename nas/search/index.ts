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
export { asRanked, rankedWithin } from './ranked-within.js';
export { askedFirst, restoreAskedFirst } from './asked-first.js';
export { randomSearch, restoreRandomSearch, type RandomSearchSettings } from './random-search.js';
export {
  repruningEvolution,
  restoreRepruningEvolution,
  type RepruningSampler,
  type RepruningSettings,
} from './repruning-evolution.js';
export {
  progressiveUnpruning,
  restoreProgressiveUnpruning,
  type ProgressiveUnpruningSampler,
  type ProgressiveUnpruningSettings,
} from './progressive-unpruning.js';
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
export { restoreSurrogateSearch, surrogateSearch, type SurrogateSettings } from './surrogate-search.js';
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
export { runSeed, runSeeds, sharedTable, type SeedRun, type SeedThread } from './seed-runs.js';
export { CHECKPOINTS, convergence, type Convergence } from './convergence.js';
export { evaluationsToTarget, type TargetIndicator } from './evaluations-to-target.js';
export type { TrialObjectives } from './front-so-far.js';
export { summariseTargets, targetSpeedup, type EvaluationsToTarget, type TargetSpeedup } from './targets.js';
