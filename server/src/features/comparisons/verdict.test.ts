import { describe, expect, it } from 'vitest';
import type { ComparisonGroupResult } from './entities.js';
import { figuresOf, group } from './testing/figures.js';
import { verdict } from './verdict.js';

// Medians of the Fashion benchmark's README, space `blox`.
const unpruned = group('unpruned', {
  igdPlus: [0.289, 0.196, 0.121, 0.083, 0.055, 0.038, 0.023],
  arrives: { after: 2000, low: 0.8, high: 1.2 },
});
const effect = group('block effect 70 %', {
  igdPlus: [0.181, 0.106, 0.079, 0.057, 0.039, 0.03, 0.03],
  arrives: { after: 1100, low: 1.4, high: 2.3 },
  igdTests: '------+',
});
const params = group('params/latency 70 %', {
  igdPlus: [0.53, 0.453, 0.402, 0.389, 0.383, 0.383, 0.383],
  arrives: null,
  igdTests: '+++++++',
});
const narrow = group('latency 90 %', {
  igdPlus: [0.2, 0.19, 0.185, 0.184, 0.183, 0.183, 0.183],
  gd: [0.1, 0, 0, 0, 0, 0, 0],
  arrives: null,
  igdTests: '--.++++',
  gdTests: '-------',
});

const say = (groups: ComparisonGroupResult[], baseline: string | null = 'unpruned'): string[] =>
  verdict(figuresOf(groups, baseline));

describe('a verdict', () => {
  it('says who reaches the target, with how many times fewer evaluations and how sure that is', () => {
    expect(say([unpruned, effect])[0]).toBe(
      'Block effect 70 % reaches what unpruned has after 2000 (IGD⁺ 0.038) with 1100 evaluations, 1.8× fewer than unpruned itself (95 % interval 1.4–2.3); those spent on pruning count.',
    );
  });

  it('does not hide that a group which starts faster ends worse', () => {
    expect(say([unpruned, effect]).slice(1)).toEqual([
      'From 3000 evaluations on, block effect 70 % is worse than unpruned (IGD⁺ 0.030 against 0.023 at 3000, p < 0.001).',
      'Block effect 70 % starts faster and ends worse.',
    ]);
  });

  it('names groups that never reach it and are worse all along', () => {
    expect(say([unpruned, params])).toEqual([
      'Params/latency 70 % does not reach what unpruned has after 2000 (IGD⁺ 0.038) in half of the seeds.',
      'From 1000 evaluations on, params/latency 70 % is worse than unpruned (IGD⁺ 0.38 against 0.023 at 3000, p < 0.001).',
    ]);
  });

  it('warns where GD flatters', () => {
    expect(say([unpruned, narrow]).at(-1)).toBe(
      'By GD alone latency 90 % would look better than unpruned: GD flatters a narrow space that stays near a part of the front and misses the rest.',
    );
    expect(say([unpruned, params]).join()).not.toContain('GD alone');
  });

  it('claims neither a speed-up nor a difference that may be chance', () => {
    const twin = group('twin', {
      igdPlus: [0.28, 0.19, 0.12, 0.08, 0.05, 0.03, 0.02],
      arrives: { after: 1600, low: 0.9, high: 1.7 },
      igdTests: '.......',
    });
    expect(say([unpruned, twin])).toEqual([
      'Whether twin reaches what unpruned has after 2000 (IGD⁺ 0.038) sooner is open: with 1600 evaluations, unpruned itself with 2000 (speed-up 1.3×, 95 % interval 0.9–1.7).',
      'At 3000 evaluations twin cannot be told from unpruned: the difference may be chance (IGD⁺ 0.020 against 0.023 at 3000, p = 0.20).',
    ]);
  });

  it('says so where a group is slower, and where it ends better', () => {
    const tortoise = group('tortoise', {
      igdPlus: [0.3, 0.2, 0.13, 0.09, 0.06, 0.04, 0.01],
      arrives: { after: 2500, low: 0.7, high: 0.9 },
      igdTests: '......-',
    });
    expect(say([unpruned, tortoise])).toEqual([
      'Tortoise reaches what unpruned has after 2000 (IGD⁺ 0.038) later: with 2500 evaluations, unpruned itself with 2000 (speed-up 0.8×, 95 % interval 0.7–0.9).',
      'At 3000 evaluations tortoise is nearer to the front than unpruned (IGD⁺ 0.010 against 0.023 at 3000, p < 0.001).',
    ]);
  });

  it.each([
    [[3, 3], 1, true],
    [[4, 4], 1, false],
    [[4, 4], 2, true],
    [[10, 10], 5, false],
  ])('of %j seeds and %i groups: too few seeds to tell anything is %s', ([own = 0, base = 0], count, few) => {
    const igdPlus = [0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    const groups = Array.from({ length: count }, (_, i) =>
      group(`group ${String(i)}`, { igdPlus, arrives: null, igdTests: '.......', seeds: own }),
    );
    const text = say([group('unpruned', { igdPlus, arrives: null, seeds: base }), ...groups]).join(' ');
    expect(text.includes('too few seeds')).toBe(few);
  });

  it('ranks the groups where no baseline was named', () => {
    expect(say([unpruned, effect], null)).toEqual([
      'No baseline was named, so nothing is tested. By median IGD⁺ at 3000 evaluations, nearest to the front first: unpruned (0.023) and block effect 70 % (0.030).',
    ]);
  });
});
