import type { ComparisonIndicator } from '@/graphql/generated/documents';
import type { Comparison } from '@/server/comparison';

export type Group = Comparison['groups'][number];
export type Band = Group['gd'];

/** An indicator as a reader meets it. */
export interface Indicator {
  key: ComparisonIndicator;
  /** What the address calls it. */
  slug: string;
  name: string;
  /** For a chart's axis. */
  axis: string;
  better: 'up' | 'down';
  says: string;
  band: (group: Group) => Band;
}

const IGD_PLUS: Indicator = {
  key: 'IGD_PLUS',
  slug: 'igd-plus',
  name: 'IGD⁺',
  axis: 'IGD⁺',
  better: 'down',
  says: 'How much of the reference front is still missed. The one to trust: a set that another dominates never looks better.',
  band: (group) => group.igdPlus,
};

const GD: Indicator = {
  key: 'GD',
  slug: 'gd',
  name: 'GD',
  axis: 'GD',
  better: 'down',
  says: 'How near the found networks are to the front. Alone it flatters a narrow space, which may stay near a part of the front and miss the rest.',
  band: (group) => group.gd,
};

/** What is read first stands first. */
export const indicators: readonly Indicator[] = [
  IGD_PLUS,
  GD,
  {
    key: 'HYPERVOLUME_RATIO',
    slug: 'hypervolume',
    name: 'Hypervolume',
    axis: 'hypervolume, share of the reference',
    better: 'up',
    says: 'Share of the volume that the reference front dominates.',
    band: (group) => group.hypervolumeRatio,
  },
  {
    key: 'GD_PLUS',
    slug: 'gd-plus',
    name: 'GD⁺',
    axis: 'GD⁺',
    better: 'down',
    says: 'GD that counts only what is worse than the front.',
    band: (group) => group.gdPlus,
  },
  {
    key: 'IGD',
    slug: 'igd',
    name: 'IGD',
    axis: 'IGD',
    better: 'down',
    says: 'How near the front is to the found networks. It may prefer a set that another dominates.',
    band: (group) => group.igd,
  },
  {
    key: 'EPSILON',
    slug: 'epsilon',
    name: 'Additive ε',
    axis: 'additive ε',
    better: 'down',
    says: 'By how much everything found must improve to cover the whole front: its worst gap.',
    band: (group) => group.epsilon,
  },
];

/** What to hold an indicator against: IGD⁺, and GD beside IGD⁺ itself. */
export const companionOf = (indicator: Indicator): Indicator => (indicator === IGD_PLUS ? GD : IGD_PLUS);

/** Those that the comparison has figures for; earlier versions kept three. */
export const indicatorsOf = (groups: readonly Group[]): readonly Indicator[] =>
  indicators.filter(({ band }) => groups.some((group) => band(group).median.some((value) => value !== null)));

/** How a group stands to the baseline at a checkpoint, after Holm's correction at 5 %. */
export function standing(
  group: Group,
  indicator: Indicator,
  evaluations: number,
): 'better' | 'worse' | 'open' {
  const test = group.tests.find(
    (each) => each.indicator === indicator.key && each.evaluations === evaluations,
  );
  if (!test || test.adjustedPValue > 0.05 || test.cliffsDelta === 0) return 'open';
  return test.cliffsDelta > 0 === (indicator.better === 'up') ? 'better' : 'worse';
}
