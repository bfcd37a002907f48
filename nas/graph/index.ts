export {
  BATCH_NORM_EPSILON,
  elementCount,
  inputsOf,
  parametersOf,
  type BatchNorm,
  type Binary,
  type ChannelShuffle,
  type Conv,
  type FullyConnected,
  type Imported,
  type Network,
  type Node,
  type Parameter,
  type ParameterRole,
  type Pool,
  type Unary,
  type ValueName,
} from './network.js';
export { GraphError, type GraphErrorCode } from './error.js';
export { dimensions, inferShapes, shapeAt } from './shapes.js';
export {
  blockOf,
  builtSitesOf,
  chainOf,
  fixedShapesOf,
  networkOf,
  referenceNetwork,
  sitesOf,
  type BlockSite,
  type BuildOptions,
  type BuiltSite,
} from './build.js';
export {
  structureOf,
  type CellStorey,
  type FixedStorey,
  type StageStorey,
  type Storey,
} from './structure.js';
export { blockCosts, countMacs, countNormChannels, countParameters, type BlockCost } from './costs.js';
export { expectedCosts } from './expected-costs.js';
export { seededWeights } from './seeded-weights.js';
export { namedWeights, valuesOf, type NamedTensor, type WeightSource } from './weights.js';
export { readSafetensors, writeSafetensors } from './safetensors.js';
export { missingTensors, supernetTensors } from './supernet-tensors.js';
export { foldBatchNorms } from './fold.js';
export { withoutDeadNodes } from './dead-nodes.js';
export { carrierOf } from './carrier.js';
export { networkWithout } from './network-without.js';
export { ONNX_IR_VERSION, ONNX_OPSET_VERSION } from './onnx/encode.js';
export { toOnnx, type Int8, type OnnxOptions } from './onnx/to-onnx.js';
export type { BatchSize } from './onnx/batch.js';
export type { WeightScales } from './onnx/dynamic-int8.js';
export type { ActivationRange } from './onnx/quantise.js';
export { calibrationOf, collectRanges, type Calibration } from './onnx/calibration.js';
export {
  DEFAULT_IMPORT_LIMITS,
  importedBlock,
  ImportError,
  inspectModel,
  type ImportedBlock,
  type ImportLimits,
  type ImportProblem,
  type ImportProblemCode,
  type ModelInspection,
  type ModelValue,
  withBatch,
} from './import/index.js';
