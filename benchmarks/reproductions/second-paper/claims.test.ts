import { describe, expect, it } from 'vitest';
import { createRandom } from '@espalier/nas/stats';
import { claimsOf, isAtMost, isLower, together, type Claim, type Verdict } from './claims.js';
import { COLUMNS, type Run } from './run.js';
import type { Treatment } from './treatments.js';

const random = createRandom(5);
const around = (centre: number, count = 30): number[] =>
  Array.from({ length: count }, () => centre + 0.01 * random.normal());

describe('one group of seeds against another', () => {
  it('is lower only when the seeds tell so', () => {
    expect(isLower(around(1), around(2))).toMatchObject({
      verdict: 'holds',
      cliffsDelta: -1,
      magnitude: 'large',
    });
    expect(isLower(around(2), around(1)).verdict).toBe('fails');
    expect(isLower(around(1), around(1)).verdict).toBe('open');
    expect(isLower(around(1, 2), around(2, 2)).verdict).toBe('open');
  });

  it('is at most what it equals, but not what its seeds lie above', () => {
    const exhausted = new Array<number>(30).fill(0.2);
    expect(isAtMost(exhausted, exhausted).verdict).toBe('holds');
    expect(isLower(exhausted, exhausted).verdict).toBe('open');
    expect(isAtMost(exhausted, around(0.1)).verdict).toBe('fails');
    expect(isAtMost([3], [2]).verdict).toBe('open');
  });

  it('holds together when all parts do, and fails when one does', () => {
    expect(together(['holds', 'holds'])).toBe('holds');
    expect(together(['holds', 'open'])).toBe('open');
    expect(together(['holds', 'open', 'fails'])).toBe('fails');
  });
});

describe('the claims of the paper', () => {
  /** A space whose distance to the front falls from `start` by half at each column, but not below `floor`. */
  const seeds = (start: number, floor: number, error: number): Run[] =>
    around(1).map((noise) => ({
      archive: COLUMNS.map((_, at) => {
        const distance = noise * Math.max(floor, start / 2 ** at);
        return { gd: distance, gdPlus: distance, igdPlus: distance, hypervolumeRatio: 1 - distance };
      }),
      populationGd: [],
      meanError: noise * error,
      meanLatencyMs: noise * 5,
    }));
  const runsOf = ({ rule, ratio }: Treatment): Run[] => {
    if (rule === null) return seeds(1, 0, 8);
    if (rule === 'random') return seeds(1, 0.2, 8);
    if (rule === 'params/latency') return seeds(1 - ratio, 0.05, 9);
    return ratio === 0.9 ? seeds(0.01, 0.01, 7) : seeds(0.04 * (1 - ratio), 0, 7);
  };
  const claims = claimsOf(runsOf);
  const verdicts = (claim: Claim, rule: string): Verdict[] =>
    claims.filter((each) => each.claim === claim && each.rule === rule).map(({ verdict }) => verdict);

  it('compares a pruned space after 200 evolutions with the full one after 2000', () => {
    expect(verdicts('pruned early', 'block effect, table')).toEqual(new Array(6).fill('holds'));
    expect(verdicts('pruned early', 'params/latency')).toEqual(new Array(6).fill('fails'));
    expect(verdicts('pruned early', 'random')).toEqual([]);
  });

  it('asks of random pruning whether it ends worse, of 90 % whether it leads first and falls behind 70 %', () => {
    expect(verdicts('random worse', 'random')).toEqual(new Array(6).fill('holds'));
    expect(verdicts('ninety first', 'params/latency')).toEqual(['holds', 'holds']);
    expect(verdicts('ninety ends worse', 'params/latency')).toEqual(['open', 'open']);
    expect(verdicts('ninety ends worse', 'latency')).toEqual(['holds', 'holds']);
  });

  it('asks which way the networks that were evaluated move', () => {
    expect(verdicts('higher accuracy', 'latency')).toEqual(new Array(3).fill('holds'));
    expect(verdicts('higher accuracy', 'params/latency')).toEqual(new Array(3).fill('fails'));
    expect(verdicts('lower latency', 'latency')).toEqual(new Array(3).fill('open'));
  });
});
