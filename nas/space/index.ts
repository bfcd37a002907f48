export {
  BLOX_OPERATIONS,
  FASHION_OPERATIONS,
  WIRINGS,
  type Block,
  type BloxCell,
  type BloxOperation,
  type FashionCell,
  type FashionOperation,
  type InvertedResidual,
  type Wiring,
} from './block.js';
export { SpaceError, type Problem, type SpaceErrorCode } from './error.js';
export {
  layerAt,
  layersOf,
  spaceSize,
  type Choice,
  type Layer,
  type SearchSpace,
  type Stage,
  type TensorShape,
} from './space.js';
export {
  encodingAt,
  encodingIndex,
  encodingKey,
  enumerateEncodings,
  neighbours,
  parseEncoding,
  parseEncodingKey,
  sampleEncoding,
  type Encoding,
} from './encoding.js';
export { isKept, keepAll, keptSize, parseKept, restrict, sampleKept, type KeptChoices } from './kept.js';
export {
  canonicalDocument,
  parseSpaceDocument,
  spaceDocument,
  SPACE_FORMAT,
  type ParsedSpace,
  type SpaceDocument,
} from './document.js';
export { families, family, findFamily } from './families/index.js';
export { fashionMobile } from './families/fashion-mobile.js';
export { fashionBlox } from './families/fashion-blox.js';
export { bloxFingerprint } from './families/blox-fingerprint.js';
export { blox, bloxStageVector, type BloxStageVector } from './families/blox.js';
