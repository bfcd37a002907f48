import { normalUpperTail } from './normal.js';
import { midRanks } from './rank-correlation.js';

/** Whether one sample tends to be larger than another. */
export interface MannWhitney {
  /** Pairs in which the first sample's value is larger, ties counting half: from 0 to n·m. */
  readonly u: number;
  /** Two-sided: how often samples of one population would differ at least so much. NaN when a sample is empty. */
  readonly pValue: number;
  /** `exact` counts all arrangements; `normal` is the approximation with continuity and tie correction. */
  readonly method: 'exact' | 'normal';
  /** Vargha and Delaney's A (2000): probability that a value of the first is larger, ties counting half; 0.5 is no effect. */
  readonly probabilityOfSuperiority: number;
  /** Cliff's δ (1993) = 2·A − 1, from −1 to 1. */
  readonly cliffsDelta: number;
  /** Of |δ| (Romano et al. 2006): below 0.147, 0.33, 0.474, and above. */
  readonly magnitude: 'negligible' | 'small' | 'medium' | 'large';
}

/** Up to this many pairs, without ties, all arrangements are counted. */
const MOST_EXACT_PAIRS = 2500;

/**
 * The Mann–Whitney U test (1947) of two independent samples, two-sided, with its effect size. Exact where there are no ties and
 * at most 2,500 pairs, else normal. Infinite values are compared like others (such as evaluations to a target never reached).
 * RangeError for NaN.
 */
export function mannWhitney(first: ArrayLike<number>, second: ArrayLike<number>): MannWhitney {
  const [n, m] = [first.length, second.length];
  const all = Float64Array.from([...Array.from(first), ...Array.from(second)]);
  const bad = all.findIndex((value) => Number.isNaN(value));
  if (bad >= 0)
    throw new RangeError(`value ${String(bad < n ? bad : bad - n)} of the ${bad < n ? 'first' : 'second'} sample is NaN`); // prettier-ignore
  const ranks = midRanks(all);
  const rankSum = ranks.subarray(0, n).reduce((sum, rank) => sum + rank, 0);
  const u = rankSum - (n * (n + 1)) / 2;
  const superiority = u / (n * m);
  const ties = tieTerm(ranks);
  const isExact = ties === 0 && n * m <= MOST_EXACT_PAIRS;
  return {
    u,
    pValue: n === 0 || m === 0 ? NaN : isExact ? exactP(u, n, m) : normalP(u, n, m, ties),
    method: isExact ? 'exact' : 'normal',
    probabilityOfSuperiority: superiority,
    cliffsDelta: 2 * superiority - 1,
    magnitude: magnitudeOf(2 * superiority - 1),
  };
}

function magnitudeOf(delta: number): MannWhitney['magnitude'] {
  const size = Math.abs(delta);
  if (size >= 0.474) return 'large';
  if (size >= 0.33) return 'medium';
  return size >= 0.147 ? 'small' : 'negligible';
}

/** Σ (t³ − t) over groups of t equal values. */
function tieTerm(ranks: Float64Array): number {
  const sorted = ranks.slice().sort();
  let term = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    const size = end - start;
    term += size ** 3 - size;
    start = end;
  }
  return term;
}

function exactP(u: number, n: number, m: number): number {
  const lower = Math.min(u, n * m - u);
  const shares = sharesOf(n, m);
  let tail = 0;
  for (let v = 0; v <= lower; v++) tail += shares[v] as number;
  return Math.min(1, 2 * tail);
}

/** Those asked for last: many tests in a row are of samples of the same sizes. */
let remembered: { readonly n: number; readonly m: number; readonly shares: Float64Array } | null = null;

/** At v the share of the arrangements with U = v: shares rather than numbers, which would leave the exact integers. */
function sharesOf(n: number, m: number): Float64Array {
  if (remembered?.n === n && remembered.m === m) return remembered.shares;
  // shares[j][v]: of the arrangements of i and j values, those with U = v; rows i−1 give row i.
  let shares: Float64Array[] = Array.from({ length: m + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= n; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= m; j++) {
      const row = new Float64Array(i * j + 1);
      // The largest value is of the first sample, then it beats all j of the second, or of the second.
      const above = shares[j] ?? new Float64Array();
      const beside = next[j - 1] ?? new Float64Array();
      for (let v = 0; v < above.length; v++) row[v + j] = (above[v] as number) * (i / (i + j));
      for (let v = 0; v < beside.length; v++)
        row[v] = (row[v] as number) + (beside[v] as number) * (j / (i + j));
      next.push(row);
    }
    shares = next;
  }
  remembered = { n, m, shares: shares[m] ?? new Float64Array() };
  return remembered.shares;
}

function normalP(u: number, n: number, m: number, ties: number): number {
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return variance === 0 ? 1 : Math.min(1, 2 * normalUpperTail(distance / Math.sqrt(variance)));
}
