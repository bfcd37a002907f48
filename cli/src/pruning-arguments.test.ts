import { describe, expect, it } from 'vitest';
import { keptChoices, pruningPart } from './pruning-arguments.js';

describe('arguments of pruning', () => {
  it('collect the rules of a combination with their numbers', () => {
    const parts = pruningPart(
      'base_network_cost,lambda=0.1,cells=24',
      pruningPart('EFFICIENCY, ratio=0.7, scope=shared'),
    );
    expect(parts).toEqual([
      { rule: 'EFFICIENCY', ratio: 0.7, scope: 'SHARED' },
      { rule: 'BASE_NETWORK_COST', lambda: 0.1, cells: 24 },
    ]);
    for (const text of ['', 'BEST', 'RANDOM,ratio=2', 'RANDOM,seed=', 'EFFICIENCY,weight=3'])
      expect(() => pruningPart(text)).toThrow(/Expected/);
  });

  it('read kept choices by layer', () => {
    expect(keptChoices('[[0,3],[1]]')).toEqual([[0, 3], [1]]);
    for (const text of ['', '[0]', '[["a"]]', '{}', '[[0.5]]'])
      expect(() => keptChoices(text)).toThrow(/Expected/);
  });
});
