import { describe, expect, it } from 'vitest';
import { requestOf, resultOf } from './stored-result.js';

const band = { median: [0.2, 0.1], low: [0.1, 0.05], high: [0.3, 0.2] };

/** As comparisons were stored before they had requests, means and tests. */
const first = {
  groups: [
    {
      label: 'unpruned',
      runIds: ['a'],
      rule: null,
      ratio: null,
      spaceSize: '19683',
      gd: band,
      igdPlus: band,
      hypervolumeRatio: band,
      evaluationsToTarget: 100,
      seedsReachingTarget: 1,
      speedup: 1,
      frontier: [{ encoding: [1], accuracy: 90, latencyMs: 2 }],
    },
  ],
  checkpoints: [10, 100],
  reference: 'The true front.',
  referenceFront: [],
  baseline: 'unpruned',
  targetIgdPlus: 0.1,
  targetEvaluations: 100,
  verdict: ['It is so.'],
};

describe('what an earlier version stored', () => {
  it('is read as it was, with nothing where nothing was kept', () => {
    const { groups, checkpoints, verdict, range } = resultOf({ result: first, request: null });
    expect([checkpoints, verdict, range]).toEqual([[10, 100], ['It is so.'], null]);
    expect(groups[0]).toMatchObject({
      spaceSize: '19683',
      igdPlus: { ...band, mean: [null, null], standardDeviation: [null, null] },
      epsilon: { median: [null, null] },
      arrivals: [{ indicator: 'IGD_PLUS', evaluations: 100, seeds: 1, speedup: 1, speedupInterval: null }],
      samplers: [],
      tests: [],
      frontier: [{ accuracy: 90 }],
    });
    expect(requestOf({ result: first, request: null })).toEqual({
      baseline: 'unpruned',
      targetEvaluations: 100,
      normalisation: 'REFERENCE_FRONT',
    });
  });
  it('and what waits has groups without figures', () => {
    const request = {
      groups: [{ label: 'a', runIds: ['r'] }],
      baseline: 'a',
      targetEvaluations: 5,
      columns: null,
      normalisation: 'SPACE_RANGE' as const,
      deviceProfileId: 'p',
      accuracySourceId: 's',
    };
    const { groups, checkpoints, verdict } = resultOf({ result: null, request });
    expect(groups).toMatchObject([{ label: 'a', runIds: ['r'], igdPlus: { median: [] } }]);
    expect([checkpoints, verdict]).toEqual([[], []]);
    expect(requestOf({ result: null, request }).normalisation).toBe('SPACE_RANGE');
  });
});
