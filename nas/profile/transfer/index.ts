export { bestProxy, fromScratch, ridgeOnDevices, unweightedMean, type Baseline } from './baselines.js';
export type {
  BlockFeature,
  CandidateFeature,
  KnownDevice,
  Positions,
  TransferProblem,
  TransferSample,
} from './problem.js';
export {
  transferOf,
  type DeviceShare,
  type LeaveOneOut,
  type Transfer,
  type TransferAdvice,
  type TransferExplanation,
  type TransferPrediction,
  type TransferTable,
} from './transfer.js';
export { blockFeaturesOf } from './block-features.js';
