import type { RuleSettings } from '@espalier/nas/prune';
import type { PruningRule } from '../../graphql/generated/resolvers.js';

/** How a space version was pruned, as kept in `space_versions.pruning`. */
export interface PruningRecord {
  readonly rule: PruningRule;
  /** Share of the choices removed, 0–1; null for rules that know none. */
  readonly ratio: number | null;
  /** Seed of RANDOM and of the networks that were drawn to be evaluated; null for rules without chance. */
  readonly seed: number | null;
  /** UUID of the device profile that gave latencies. */
  readonly deviceProfileId: string | null;
  /** UUID of the accuracy source that gave accuracies. */
  readonly accuracySourceId: string | null;
  /** Networks evaluated to learn the effects; 0 when none were. */
  readonly evaluationCount: number;
  /** A score per layer and choice, higher is better; null for MANUAL, RANDOM and combinations. */
  readonly scores: readonly (readonly number[])[] | null;
  readonly explanation: string;
  /** What makes the same version again; absent for what was uploaded and in records from before it was kept, as all below. */
  readonly repeat?: Repeat;
  /** Why the ratio, where it was chosen for the asker. */
  readonly ratioReason?: string | null;
  /** Why each choice of each layer stays or goes. */
  readonly reasons?: readonly (readonly string[])[];
  /** How often a search should change something in each unit, 0–1; null but for EFFECT_OUTLIERS. */
  readonly mutationProbabilities?: readonly number[] | null;
}

/** The rule with its numbers, and from what it was decided. */
export interface Repeat {
  /** UUID of the unpruned version. */
  readonly spaceVersionId: string;
  readonly settings: RuleSettings;
  /** Random networks that were asked for; the source may have known fewer. Null where none were drawn. */
  readonly drawn: number | null;
}

/** Of choices that a person named. */
export function manualPruning(explanation: string): PruningRecord {
  return {
    rule: 'MANUAL',
    ratio: null,
    seed: null,
    deviceProfileId: null,
    accuracySourceId: null,
    evaluationCount: 0,
    scores: null,
    explanation,
  };
}

/** How a version was reached, without what follows from that: scores and words. Versions with the same are one. */
export function waySaid(pruning: PruningRecord | null): string {
  if (!pruning) return '';
  const { rule, ratio, seed, deviceProfileId, accuracySourceId, evaluationCount, repeat } = pruning;
  const said = [rule, ratio, seed, deviceProfileId, accuracySourceId, evaluationCount];
  const more = repeat ? beyondRatio(repeat.settings) : null;
  return JSON.stringify(more === null ? said : [...said, more]);
}

/** What tells a rule from others of its name and ratio; null where nothing does, as for all rules at first. */
function beyondRatio(settings: RuleSettings): unknown {
  switch (settings.rule) {
    case 'BLOCK_EFFECT':
    case 'RANDOM':
    case 'MANUAL':
      return null;
    case 'EFFICIENCY':
      return settings.scope === undefined || settings.scope === 'LAYER' ? null : settings.scope;
    case 'EFFECT_OUTLIERS':
      return settings.depthFactor ?? null;
    case 'BASE_NETWORK_COST':
      return [settings.lambda, settings.cells ?? null];
    case 'INTERSECTION':
    case 'UNION':
      return settings.of;
  }
}
