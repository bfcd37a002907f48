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
export { referenceDrift } from './reference-drift.js';
export {
  bestProxy,
  blockFeaturesOf,
  fromScratch,
  ridgeOnDevices,
  transferOf,
  unweightedMean,
  type Baseline,
  type BlockFeature,
  type CandidateFeature,
  type DeviceShare,
  type KnownDevice,
  type LeaveOneOut,
  type Positions,
  type Transfer,
  type TransferAdvice,
  type TransferExplanation,
  type TransferPrediction,
  type TransferProblem,
  type TransferSample,
  type TransferTable,
} from './transfer/index.js';
export {
  networkCost,
  PUBLISHED_CONSTANTS,
  selectSpace,
  usualSize,
  type Cell,
  type CostConstants,
  type Family,
  type SelectedSpace,
} from './base-networks/selection.js';
export {
  blockFamiliesOf,
  familyCells,
  type BaseNetwork,
  type BlockFamily,
} from './base-networks/families.js';
export type { CorrectionLut } from './base-networks/correction-lut.js';
export * from './kernels/index.js';
