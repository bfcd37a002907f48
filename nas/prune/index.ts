export { attributesOf } from './attributes.js';
export { keptCount, PruningError, type PerChoice, type PruningErrorCode, type PruningRule } from './rule.js';
export { prune } from './prune.js';
export type { Decision } from './decision.js';
export { evidenceFor, type BaseNetworkEvidence, type Evidence, type EvidenceKind } from './evidence.js';
export {
  ruleLabel,
  type BaseNetworkCostSettings,
  type EffectOutliersSettings,
  type RuleName,
  type RuleSettings,
} from './settings.js';
export { pruneByEfficiency, type EfficiencyScope } from './efficiency.js';
export { pruneByBlockEffect } from './block-effect.js';
export { pruneAtRandom } from './random.js';
export { pruneManually } from './manual.js';
export { effectOutliers, type BlockResponse, type Outlier } from './outlier-rules.js';
export { cappedUnits, type DepthEffect } from './depth-rule.js';
export { keptByReduction, publishedReductions, type PublishedReduction } from './published-reductions.js';
export { rankingTrust, type RankingTrust, type TrustSettings } from './ranking-trust.js';
export {
  adviseRules,
  type Advice,
  type AdviceOptions,
  type Agreement,
  type RuleAdvice,
} from './advise-rules.js';
export { chooseRatio, type ChosenRatio, type ConsideredRatio, type RatioOptions } from './choose-ratio.js';
export { lostFront, type LostFront } from './lost-front.js';
export { placementEffects, type BlockEffects, type ErrorSample } from './placement-effects.js';
export { shrunkenEffects } from './shrunken-effects.js';
export { predictedFront } from './predicted-front.js';
