import { indicators, type Indicator } from './indicators';

/** What the reader chose to see of a comparison; the address holds it, defaults left out. */
export interface ComparisonView {
  indicator: Indicator;
  /** Mean with standard deviation, as the second paper reports, or median with quartiles. */
  statistic: 'mean' | 'median';
  /** Label of the group whose attainment is drawn against the baseline; null for the one that gained most. */
  group: string | null;
}

type Parameters = Readonly<Record<string, string | string[] | undefined>>;

export function readComparisonView({ by, show, group }: Parameters): ComparisonView {
  const [first] = indicators;
  return {
    indicator: indicators.find(({ slug }) => slug === by) ?? (first as Indicator),
    statistic: show === 'median' ? 'median' : 'mean',
    group: typeof group === 'string' ? group : null,
  };
}

/** The query string with its question mark, or nothing when every choice is the default. */
export function writeComparisonView({ indicator, statistic, group }: ComparisonView): string {
  const parameters = new URLSearchParams();
  if (indicator !== indicators[0]) parameters.set('by', indicator.slug);
  if (statistic !== 'mean') parameters.set('show', statistic);
  if (group !== null) parameters.set('group', group);
  const text = parameters.toString();
  return text ? `?${text}` : '';
}
