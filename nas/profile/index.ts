export { ProfileError, type ProfileErrorCode } from './error.js';
export { parseSubject, subjectKey, subjectNetwork, type Subject } from './subject.js';
export { profilingMethod, profilingMethods, type ProfileMethod } from './methods/index.js';
export type {
  MeasuredSubject,
  PerChoiceMs,
  PlannedSubject,
  ProfileEstimate,
  ProfilePlan,
  ProfilingMethod,
  Purpose,
} from './methods/method.js';
export { FLOOR_ESTIMATOR, robustFloor, sampleStatistics, type SampleStatistics } from './statistics.js';
export { predictLatency, type LatencyTable } from './latency-table.js';
export {
  additivity,
  DRIFT_LIMIT,
  repeatability,
  type Additivity,
  type CheckedNetwork,
  type MeasuredNetwork,
  type ProfileQuality,
  type Repeatability,
} from './quality.js';
export { compareTables, type Mover, type TableComparison } from './compare.js';
export { importedTable, LONGEST_MS, type TableProblem, type WrittenLatency } from './imported-table.js';
export { referenceDrift } from './reference-drift.js';
