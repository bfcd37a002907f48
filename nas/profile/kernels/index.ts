export { parseKernel } from './parse-kernel.js';
export { familyOf, kernelKey, type Kernel, type KernelFamily, type Operator } from './kernel.js';
export { kernelNetwork } from './kernel-network.js';
export { detectKernels, type DetectedKernel } from './detect.js';
export { testFusion, type FusionRules } from './fusion.js';
export { predictionError, type PredictionError } from './metrics.js';
export {
  fitPredictor,
  predictNetwork,
  Prediction,
  type KernelPrediction,
  type KernelPredictor,
  type NetworkPrediction,
  type PredictionSource,
} from './predictor.js';
export type { RegressorKind, TimedKernel } from './regressor.js';
export { readPredictor, storePredictor, type StoredPredictor } from './stored-predictor.js';
export { predictedTable } from './table.js';
