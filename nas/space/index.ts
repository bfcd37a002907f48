export * from './block.js';
export { shown, SpaceError, type Problem, type SpaceErrorCode } from './error.js';
export {
  ABSENT,
  absentChoice,
  inputShape,
  MAX_CHOICES,
  MAX_POSITIONS,
  positionAt,
  positionsOf,
  type Cell,
  type Choice,
  type FixedPart,
  type Layer,
  type Position,
  type SearchSpace,
  type Stage,
  type TensorShape,
} from './space.js';
export {
  drawNetwork,
  firstInadmissible,
  nearestNetwork,
  networksOf,
  nextState,
  type Networks,
} from './networks.js';
export { describeBlock } from './describe.js';
export { implicationsOf, type Condition, type Implication } from './constraint.js';
export {
  baseNetworksOf,
  encodingAt,
  encodingIndex,
  encodingKey,
  enumerateEncodings,
  neighbours,
  parseEncoding,
  parseEncodingKey,
  sampleEncoding,
  spaceSize,
  typicalEncoding,
  type Encoding,
} from './encoding.js';
export { oneHotFeatures, oneHotLength } from './features.js';
export {
  isKept,
  keepAll,
  keptSampler,
  keptSize,
  parseKept,
  restrict,
  enumerateKept,
  sampleKept,
  type KeptChoices,
} from './kept.js';
export { families, family, findFamily } from './families/index.js';
export { fashionMobile } from './families/fashion-mobile.js';
export { fashionBlox } from './families/fashion-blox.js';
export { bloxFingerprint } from './families/blox-fingerprint.js';
export { blox, bloxStageVector, type BloxStageVector } from './families/blox.js';
export { bbssp } from './families/bbssp.js';
export { fbnetCifar100, fbnetImageNet } from './families/fbnet.js';
export { nasBench201Cifar10, nasBench201Cifar100, nasBench201ImageNet16 } from './families/nasbench201.js';
export { mnasNet } from './families/mnasnet.js';
export { nasBenchMacro } from './families/nasbench-macro.js';
export { ofaMobileNetV3, type OfaMobileNetV3Options } from './families/ofa-mobilenet-v3.js';
export { ofaProxyless } from './families/ofa-proxyless.js';
export { ofaResNet50 } from './families/ofa-resnet50.js';
export { notationsOf, publishedLine, publishedNotation, type Notation } from './notation.js';
export { nasBench201At, nasBench201Index } from './notations/nasbench201.js';
export { ofaFeatureVector } from './notations/ofa-feature-vector.js';
export {
  choiceMeasure,
  choiceProbabilities,
  logProbability,
  sampleByChoices,
  type ChoiceMeasure,
  type MeasureOptions,
} from './sampling.js';
export { type DepthGuard, type Held } from './depth-guard.js';
export {
  blockResponses,
  expectedSum,
  placementEffects,
  placementsOf,
  type Placement,
  type PlacementEffect,
} from './expectation.js';
