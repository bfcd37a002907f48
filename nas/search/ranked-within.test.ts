import { expect, it } from 'vitest';
import { hypervolume } from '../pareto/index.js';
import {
  latencyLimit,
  rankedWithin,
  regularizedEvolution,
  runSearch,
  SearchError,
  type Evaluated,
  type Limit,
  type Objectives,
} from './index.js';
import { evaluate, space } from './testing/toy-table.js';

const additive = (encoding: Evaluated['encoding']): Objectives => ({
  error: encoding.reduce((sum, choice, layer) => sum + ((choice * 5 + layer) % 27) / 60, 8),
  latencyMs: evaluate(encoding).latencyMs,
});

it('makes an evolution find more within a limit than without one', () => {
  const atMostMs = 4.2;
  const found = (limits: readonly Limit[]): number =>
    [0, 1, 2, 3, 4].reduce((sum, seed) => {
      const trials = runSearch(rankedWithin(limits, regularizedEvolution(space, { seed })), additive, 500);
      return sum + hypervolume(trials.map(({ error, latencyMs }) => [error, latencyMs]), [9.3, atMostMs]); // prettier-ignore
    }, 0);
  expect(found([latencyLimit(atMostMs)])).toBeGreaterThan(found([]));
});

it('changes nothing while all limits are kept, and refuses one that is no number', () => {
  const plain = runSearch(regularizedEvolution(space, { seed: 3 }), evaluate, 300);
  const wide = rankedWithin([latencyLimit(1e6)], regularizedEvolution(space, { seed: 3 }));
  expect(runSearch(wide, evaluate, 300)).toEqual(plain);
  expect(() => rankedWithin([latencyLimit(NaN)], regularizedEvolution(space, { seed: 3 }))).toThrow(
    SearchError,
  );
});
