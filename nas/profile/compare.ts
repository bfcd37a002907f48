import { kendall, median, spearman } from '../stats/index.js';
import type { PerChoiceMs } from './methods/method.js';

/** A block on both devices; milliseconds. */
export interface Mover {
  readonly layer: number;
  readonly choice: number;
  readonly aMs: number;
  readonly bMs: number;
  /** b ÷ a. */
  readonly ratio: number;
  /** The ratio ÷ the median ratio: 2 is twice as slow on b as blocks are in general. */
  readonly relative: number;
}

export interface TableComparison {
  /** Blocks compared: those that take time in both. */
  readonly count: number;
  /** Rank correlations over them; NaN below two blocks, or when all of one side take the same. */
  readonly spearman: number;
  readonly kendallTau: number;
  /** Median of b ÷ a; NaN of no block. */
  readonly medianRatio: number;
  /** b ÷ a, a list a position, an entry a choice; null for what is left out. */
  readonly ratios: readonly (readonly (number | null)[])[];
  /** Every block compared, the one whose ratio is farthest from the median first; ties by position and choice. */
  readonly movers: readonly Mover[];
}

/**
 * Compares two tables of one space block by block, on the scale of ratios: a device that is twice as fast at everything
 * moves nothing. RangeError for tables of different shapes.
 */
export function compareTables(a: PerChoiceMs, b: PerChoiceMs): TableComparison {
  if (a.length !== b.length || a.some((layer, at) => layer.length !== b[at]?.length))
    throw new RangeError('the tables are of different spaces: their shapes differ');
  const pairs = a.flatMap((layer, at) =>
    layer.flatMap((aMs, choice) => {
      const bMs = b[at]?.[choice] ?? 0;
      return aMs > 0 && bMs > 0 ? [{ layer: at, choice, aMs, bMs, ratio: bMs / aMs }] : [];
    }),
  );
  const medianRatio = median(pairs.map(({ ratio }) => ratio));
  const movers = pairs
    .map((pair) => ({ ...pair, relative: pair.ratio / medianRatio }))
    .sort(
      (p, q) =>
        Math.abs(Math.log(q.relative)) - Math.abs(Math.log(p.relative)) ||
        p.layer - q.layer ||
        p.choice - q.choice,
    );
  const ratios: (number | null)[][] = a.map((layer) => layer.map(() => null));
  for (const { layer, choice, ratio } of pairs) {
    const row = ratios[layer];
    if (row) row[choice] = ratio;
  }
  const as = pairs.map(({ aMs }) => aMs);
  const bs = pairs.map(({ bMs }) => bMs);
  return {
    count: pairs.length,
    spearman: pairs.length < 2 ? Number.NaN : spearman(as, bs),
    kendallTau: pairs.length < 2 ? Number.NaN : kendall(as, bs),
    medianRatio,
    ratios,
    movers,
  };
}
