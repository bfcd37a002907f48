import { describe, expect, it } from 'vitest';
import type { ComparisonGroupResult } from './entities.js';
import { verdict } from './verdict.js';

const checkpoints = [10, 100, 250, 500, 1000, 2000, 3000];

const group = (
  label: string,
  igdPlus: (number | null)[],
  evaluationsToTarget: number | null,
  gd: (number | null)[] = igdPlus,
): ComparisonGroupResult => ({
  label,
  runIds: [],
  rule: null,
  ratio: null,
  spaceSize: '1',
  gd: { median: gd, low: gd, high: gd },
  igdPlus: { median: igdPlus, low: igdPlus, high: igdPlus },
  hypervolumeRatio: { median: [], low: [], high: [] },
  evaluationsToTarget,
  seedsReachingTarget: 0,
  speedup: evaluationsToTarget === null ? null : 2000 / evaluationsToTarget,
  frontier: [],
});

// Medians of the Fashion benchmark's README, space `blox`.
const unpruned = group('unpruned', [0.289, 0.196, 0.121, 0.083, 0.055, 0.038, 0.023], 2000);
const effect = group('block effect 70 %', [0.181, 0.106, 0.079, 0.057, 0.039, 0.03, 0.03], 1100);
const params = group('params/latency 70 %', [0.53, 0.453, 0.402, 0.389, 0.383, 0.383, 0.383], null);
const narrow = group(
  'latency 90 %',
  [0.2, 0.19, 0.185, 0.184, 0.183, 0.183, 0.183],
  null,
  [0.1, 0, 0, 0, 0, 0, 0],
);

const say = (groups: ComparisonGroupResult[], baseline: string | null = 'unpruned'): string[] =>
  verdict({
    groups,
    checkpoints,
    reference: '',
    referenceFront: [],
    baseline,
    targetIgdPlus: baseline ? 0.038 : null,
    targetEvaluations: 2000,
  });

describe('a verdict', () => {
  it('says who reaches the target, with how many times fewer evaluations', () => {
    expect(say([unpruned, effect])[0]).toBe(
      'Block effect 70 % reaches what unpruned has after 2000 (IGD⁺ 0.038) with 1100 evaluations, 1.8× fewer than unpruned itself; those spent on pruning count.',
    );
  });

  it('does not hide that a group which starts faster ends worse', () => {
    expect(say([unpruned, effect]).slice(1)).toEqual([
      'From 3000 evaluations on, block effect 70 % is worse than unpruned (IGD⁺ 0.030 against 0.023 at 3000).',
      'Block effect 70 % starts faster and ends worse.',
    ]);
  });

  it('names groups that never reach it and are worse all along', () => {
    const sentences = say([unpruned, params]);
    expect(sentences).toEqual([
      'Params/latency 70 % does not reach what unpruned has after 2000 (IGD⁺ 0.038) in half of the seeds.',
      'From 1000 evaluations on, params/latency 70 % is worse than unpruned (IGD⁺ 0.38 against 0.023 at 3000).',
    ]);
  });

  it('warns where GD flatters', () => {
    expect(say([unpruned, narrow]).at(-1)).toBe(
      'By GD alone latency 90 % would look better than unpruned: GD flatters a narrow space that stays near a part of the front and misses the rest.',
    );
    expect(say([unpruned, params]).join()).not.toContain('GD alone');
  });

  it('says so when a group is no sooner', () => {
    expect(say([unpruned, group('twin', unpruned.igdPlus.median, 2010)])).toEqual([
      'Twin reaches what unpruned has after 2000 (IGD⁺ 0.038) no sooner: with 2010 evaluations, unpruned itself with 2000.',
    ]);
  });

  it('ranks the groups where no baseline was named', () => {
    expect(say([unpruned, effect], null)).toEqual([
      'No baseline was named. By IGD⁺ at 3000 evaluations, nearest to the front first: unpruned (0.023) and block effect 70 % (0.030).',
    ]);
  });
});
