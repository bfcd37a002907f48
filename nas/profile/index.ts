export { ProfileError, type ProfileErrorCode } from './error.js';
export { parseSubject, subjectKey, subjectNetwork, type Subject } from './subject.js';
export {
  DEFAULT_COPIES,
  planProfile,
  type PlannedSubject,
  type PlanOptions,
  type ProfileMethod,
  type ProfilePlan,
  type Purpose,
} from './plan.js';
export { FLOOR_ESTIMATOR, robustFloor, sampleStatistics, type SampleStatistics } from './statistics.js';
export { predictLatency, type LatencyTable } from './latency-table.js';
export {
  DRIFT_LIMIT,
  estimateProfile,
  type MeasuredSubject,
  type ProfileEstimate,
  type ProfileQuality,
} from './estimate.js';
export { additivity, repeatability, type Additivity, type Repeatability } from './quality.js';
export { referenceDrift } from './reference-drift.js';
