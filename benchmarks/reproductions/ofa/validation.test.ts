import { expect, it } from 'vitest';
import { foldsOf, validate } from './validation.js';

it('predicts everything once, never from itself', () => {
  const folds = foldsOf([6, 5, 4, 3, 2, 1, 0], 3);
  expect(folds.flatMap(({ predicted }) => predicted).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  for (const { fitted, predicted } of folds) {
    expect(fitted.filter((at) => predicted.includes(at))).toEqual([]);
    expect(fitted.length + predicted.length).toBe(7);
  }
});

it('states the errors of predictions', () => {
  const found = validate([{ fitted: [], predicted: [0, 1] }, { fitted: [], predicted: [2] }], [1, 2, 3], ({ predicted }) =>
    predicted.map((at) => at + 1 + (at === 2 ? 3 : 0)),
  ); // prettier-ignore
  expect(found).toEqual({ networks: 3, mae: 1, rmse: Math.sqrt(3), spearman: 1, bias: 1 });
});
