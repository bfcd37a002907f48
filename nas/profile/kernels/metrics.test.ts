import { describe, expect, it } from 'vitest';
import { predictionError } from './metrics.js';

describe('predictionError', () => {
  it('gives the published figures of three values', () => {
    const error = predictionError([10, 20, 40], [11, 19, 40]);
    expect(error?.rmse).toBeCloseTo(0.816497, 6);
    expect(error?.rmsePercent).toBeCloseTo(6.454972, 6);
    expect(error).toMatchObject({ count: 3, within5: 2 / 3, within10: 1, within15: 1 });
    expect(error?.relativeRmse).toBeCloseTo(0.816497 / (70 / 3), 6);
  });

  it('says nothing of nothing and refuses what makes no sense', () => {
    expect(predictionError([], [])).toBeNull();
    expect(() => predictionError([1], [])).toThrow(RangeError);
    expect(() => predictionError([0], [1])).toThrow(RangeError);
  });
});
