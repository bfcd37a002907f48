import { describe, expect, it } from 'vitest';
import { budget } from './budget.js';

describe('a budget', () => {
  it('is spent, refused with the time to wait, and restored up to its limit', () => {
    let now = 0;
    const points = budget(100, 10, () => now);
    expect(points.take('a', 70)).toEqual({ left: 30 });
    expect(points.take('a', 50)).toEqual({ retryAfterSeconds: 2 });
    now = 2_000;
    expect(points.take('a', 50)).toEqual({ left: 0 });
    now = 1_000_000;
    expect(points.left('a')).toBe(100);
  });

  it('keeps callers apart', () => {
    const points = budget(10, 1, () => 0);
    points.take('a', 10);
    expect(points.take('b', 10)).toEqual({ left: 0 });
  });

  it('takes back no more than its limit', () => {
    const points = budget(10, 1, () => 0);
    points.take('a', 4);
    points.give('a', 100);
    expect(points.left('a')).toBe(10);
  });
});
