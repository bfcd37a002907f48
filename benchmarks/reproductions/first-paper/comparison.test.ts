import { expect, it } from 'vitest';
import { comparison } from './comparison.js';

it('sets each space beside the original, seed by seed, with the sign of the difference', () => {
  const runs = Array.from({ length: 8 }, (_, seed) => ({
    original: seed,
    reduced: seed + 100,
    published: seed,
    random: seed - 100,
  }));
  const figures = new Map(comparison('x', runs, (value) => value).map((each) => [each.name, each]));
  expect(figures.get('x/original')?.value).toBe(3.5);
  expect(figures.get('x/reduced')).toMatchObject({ value: 103.5, peer: 3.5, n: 8 });
  expect(figures.get('x/reduced/delta')?.value).toBe(1);
  expect(figures.get('x/random/delta')?.value).toBe(-1);
  expect(figures.get('x/published/delta')?.value).toBe(0);
  expect(figures.get('x/reduced/p')?.value).toBeLessThan(0.001);
  expect(figures.has('x/original/p')).toBe(false);
});
