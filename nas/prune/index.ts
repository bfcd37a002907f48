export { keptCount, PruningError, type PerChoice, type PruningErrorCode, type PruningRule } from './rule.js';
export { pruneByEfficiency } from './efficiency.js';
export { pruneByBlockEffect } from './block-effect.js';
export { pruneAtRandom } from './random.js';
export { pruneManually } from './manual.js';
export { placementEffects, type BlockEffects, type ErrorSample } from './placement-effects.js';
export { shrunkenEffects } from './shrunken-effects.js';
export { predictedFront } from './predicted-front.js';
