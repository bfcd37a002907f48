import type { RuleSettings } from '@espalier/nas/prune';
import { keptSize, positionsOf, spaceSize, type KeptChoices, type SearchSpace } from '@espalier/nas/space';

/** Up to here every layer is told by itself. */
const FEW_LAYERS = 6;

/** What a rule says of itself, and what that leaves of the space. */
export function explain(space: SearchSpace, kept: KeptChoices, ...why: readonly string[]): string {
  const counts = positionsOf(space).map(
    ({ choices }, at) => [kept[at]?.length ?? 0, choices.length] as const,
  );
  const sum = (of: 0 | 1): number => counts.reduce((total, pair) => total + pair[of], 0);
  const left =
    counts.length <= FEW_LAYERS
      ? `${counts.map(([stay, all]) => `${stay} of ${all}`).join(', ')} choices a layer stay`
      : `${sum(0)} of ${sum(1)} choices stay`;
  return [
    ...why.filter(Boolean),
    `${left}: ${keptSize(space, kept).toLocaleString('en-US')} of ${spaceSize(space).toLocaleString('en-US')} architectures.`,
  ].join(' ');
}

const RULE_NAMES = {
  EFFICIENCY: 'params/latency',
  BLOCK_EFFECT: 'block effect',
  EFFECT_OUTLIERS: 'effect outliers',
  BASE_NETWORK_COST: 'base-network cost',
  RANDOM: 'random',
  MANUAL: 'manual',
  INTERSECTION: 'all of',
  UNION: 'any of',
} as const;

const LONGEST_LABEL = 100;

/** What a version is called that nobody has named, for example `block effect 70 %`. */
export function labelOf(settings: RuleSettings, seed: number | null): string {
  const label = `${nameOf(settings)}${seed ? `, draw ${seed}` : ''}`;
  return label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
}

function nameOf(settings: RuleSettings): string {
  const name = RULE_NAMES[settings.rule];
  const percent = (ratio: number): string => ` ${Math.round(ratio * 100)} %`;
  switch (settings.rule) {
    case 'EFFICIENCY': {
      const scope = settings.scope === 'SHARED' ? ', shared' : settings.scope === 'GLOBAL' ? ', global' : '';
      return `${name}${percent(settings.ratio)}${scope}`;
    }
    case 'BLOCK_EFFECT':
    case 'RANDOM':
      return `${name}${percent(settings.ratio)}`;
    case 'BASE_NETWORK_COST': {
      const size =
        settings.cells === undefined ? percent(settings.ratio ?? 0).trim() : `${settings.cells} cells`;
      return `${name} λ ${settings.lambda}, ${size}`;
    }
    case 'EFFECT_OUTLIERS':
    case 'MANUAL':
      return name;
    case 'INTERSECTION':
    case 'UNION':
      return `${name} ${settings.of.map(nameOf).join(' + ')}`;
  }
}
