import type { PruningRule } from '@/graphql/generated/documents';

export type MarkerShape = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'plus';

/** How one line is drawn: never told apart by colour alone. */
export interface SeriesStyle {
  colour: string;
  dash: string;
  marker: MarkerShape;
  outlined: boolean;
}

interface StyledGroup {
  label: string;
  rule: PruningRule | null;
  ratio: number | null;
}

const dashes = ['', '8 3', '2 3', '8 3 2 3', '4 4', '12 4'];
const markers: MarkerShape[] = ['square', 'triangle', 'diamond', 'cross', 'plus', 'circle'];

/** Numbers of the series colours, those first that are farthest from copper and leaf; pale ones take an outline. */
const colours = [
  { number: 1, outlined: false },
  { number: 4, outlined: true },
  { number: 6, outlined: true },
  { number: 5, outlined: true },
  { number: 3, outlined: false },
  { number: 2, outlined: false },
] as const;

/**
 * The baseline is copper and dashed; block effect takes shades of leaf, deeper for a higher ratio, a further group of the
 * same ratio with a dash and mark of its own; every other group takes the next of the series colours. Colours are CSS
 * variables, so that they follow the theme.
 */
export function styleSeries(
  groups: readonly StyledGroup[],
  baseline: string | null,
): Map<string, SeriesStyle> {
  const styles = new Map<string, SeriesStyle>();
  const against = baseline ?? groups.find((group) => group.rule === null)?.label;
  let others = 0;
  for (const group of groups) {
    if (group.label === against) {
      styles.set(group.label, { colour: 'var(--copper)', dash: '6 4', marker: 'circle', outlined: false });
    } else if (group.rule === 'BLOCK_EFFECT') {
      const ratio = group.ratio ?? 0;
      const shade = ratio < 0.6 ? 50 : ratio < 0.8 ? 70 : 90;
      const marker = shade === 50 ? 'triangle' : shade === 70 ? 'circle' : 'diamond';
      const before = [...styles.values()].filter((each) => each.colour === `var(--leaf-${shade})`).length;
      styles.set(group.label, {
        colour: `var(--leaf-${shade})`,
        dash: dashes[before % dashes.length] ?? '',
        marker: before === 0 ? marker : (markers[before] ?? marker),
        outlined: false,
      });
    } else {
      const place = others % colours.length;
      const { number = 1, outlined = false } = colours[place] ?? {};
      styles.set(group.label, {
        colour: `var(--series-${number})`,
        dash: dashes[(place + 1) % dashes.length] ?? '',
        marker: markers[place] ?? 'circle',
        outlined,
      });
      others += 1;
    }
  }
  return styles;
}
