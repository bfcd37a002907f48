import { keptSize, type SearchSpace } from '../space/index.js';
import { decideByBaseNetworkCost } from './base-network-cost.js';
import { decideByBlockEffect } from './block-effect.js';
import { combined } from './combination.js';
import type { Decision } from './decision.js';
import { decideByEffectOutliers } from './effect-outliers.js';
import { decideByEfficiency } from './efficiency.js';
import type { Evidence } from './evidence.js';
import { decideByHand } from './manual.js';
import { decideAtRandom } from './random.js';
import { PruningError } from './rule.js';
import { ruleLabel, type RuleSettings } from './settings.js';

/**
 * Asks a rule. The same settings and evidence give the same decision. PruningError PRUNING_MISSING_EVIDENCE without what
 * `evidenceFor` names, PRUNING_NO_NETWORK when the space's constraints leave no network of what would be kept, and the rule's
 * own.
 */
export function prune(space: SearchSpace, settings: RuleSettings, evidence: Evidence): Decision {
  const decision = decided(space, settings, evidence);
  if (keptSize(space, decision.kept) === 0n)
    throw new PruningError(
      'PRUNING_NO_NETWORK',
      `what ${ruleLabel(settings)} would keep makes no network of ${space.name}: its constraints rule all of them out`,
    );
  return decision;
}

function decided(space: SearchSpace, settings: RuleSettings, evidence: Evidence): Decision {
  switch (settings.rule) {
    case 'EFFICIENCY':
      return decideByEfficiency(space, settings, evidence);
    case 'BLOCK_EFFECT':
      return decideByBlockEffect(space, settings, evidence);
    case 'EFFECT_OUTLIERS':
      return decideByEffectOutliers(space, settings, evidence);
    case 'BASE_NETWORK_COST':
      return decideByBaseNetworkCost(space, settings, evidence);
    case 'RANDOM':
      return decideAtRandom(space, settings);
    case 'MANUAL':
      return decideByHand(space, settings);
    case 'INTERSECTION':
    case 'UNION':
      return combined(
        space,
        settings.rule,
        settings.of.map((part) => ({ label: ruleLabel(part), decision: decided(space, part, evidence) })),
      );
  }
}
