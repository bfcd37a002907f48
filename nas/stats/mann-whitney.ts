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

/** Shares of arrangements rather than their numbers, which would leave the exact integers. */
function exactP(u: number, n: number, m: number): number {
  const lower = Math.min(u, n * m - u);
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
  let tail = 0;
  const row = shares[m] ?? new Float64Array();
  for (let v = 0; v <= lower; v++) tail += row[v] as number;
  return Math.min(1, 2 * tail);
}

function normalP(u: number, n: number, m: number, ties: number): number {
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return variance === 0 ? 1 : Math.min(1, 2 * upperTail(distance / Math.sqrt(variance)));
}

/** Share of the standard normal above z ≥ 0, by the complementary error function (Numerical Recipes' erfc, 1.2·10⁻⁷). */
function upperTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ];
  const polynomial = coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0);
  return (t * Math.exp(-x * x + polynomial)) / 2;
}
