import { expect, it } from 'vitest';
import { parseEncoding } from '../space/index.js';
import { askedFirst, nsga2, restoreAskedFirst, restoreNsga2, runSearch } from './index.js';
import { evaluate, space } from './testing/toy-table.js';

const first = [
  [3, 4, 5],
  [0, 0, 1],
].map((choices) => parseEncoding(space, choices));

it('asks for what is given, once and in order, and learns of it as of any other', () => {
  const sampler = askedFirst(first, nsga2(space, { seed: 1 }));
  const trials = runSearch(sampler, evaluate, 250);
  expect(trials.slice(0, 2).map(({ encoding }) => encoding)).toEqual(first);
  expect(trials).toEqual(runSearch(nsga2(space, { seed: 1, first }), evaluate, 250));
});

it.each([0, 1, 2, 150])('saved after %i evaluations it goes on as if uninterrupted', (cut) => {
  const settings = { seed: 2 };
  const whole = askedFirst(first, nsga2(space, settings));
  const expected = runSearch(whole, evaluate, 300);
  const begun = askedFirst(first, nsga2(space, settings));
  const head = runSearch(begun, evaluate, cut);
  const restored = restoreAskedFirst(first, begun.save(), (bytes) => restoreNsga2(space, settings, bytes));
  expect([...head, ...runSearch(restored, evaluate, 300 - cut)]).toEqual(expected);
  expect(() =>
    restoreAskedFirst(first.slice(1), begun.save(), (bytes) => restoreNsga2(space, settings, bytes)),
  ).toThrow(/expected one of/);
});
