import { describe, expect, it } from 'vitest';
import { DEFAULT_PAIRS, fusionKernels, fusionRules, sequence, testFanOut, testFusion } from './fusion.js';
import { kernelKey, type Operator } from './kernel.js';

const steady = (meanMs: number): { meanMs: number; deviationMs: number } => ({ meanMs, deviationMs: 0 });

describe('testFusion', () => {
  it.each([
    ['se and relu', 20.521, 2.619, 20.354, 2.787, 1.3095],
    ['dwconv and relu', 41.781, 2.366, 41.42, 2.727, 1.183],
  ])('finds the published pair %s fused', (_, first, second, block, saved, threshold) => {
    const test = testFusion(steady(first), steady(second), steady(block));
    expect(test.fused).toBe(true);
    expect(test.savedMs.meanMs).toBeCloseTo(saved, 2);
    expect(test.thresholdMs).toBeCloseTo(threshold, 9);
  });

  it('wants more than half of the cheaper operator', () => {
    expect(testFusion(steady(10), steady(2), steady(11)).fused).toBe(false);
    expect(testFusion(steady(10), steady(2), steady(10.99)).fused).toBe(true);
    expect(testFusion(steady(10), steady(2), steady(11.5), 0.2).fused).toBe(true);
  });

  it('adds deviations in quadrature', () => {
    const of = (deviationMs: number): { meanMs: number; deviationMs: number } => ({ meanMs: 1, deviationMs });
    expect(testFusion(of(2), of(3), of(6)).savedMs.deviationMs).toBeCloseTo(7, 9);
  });
});

describe('testFanOut', () => {
  it.each([
    [9.9, 'none'],
    [8.1, 'first'],
    [6.9, 'all'],
    [9, 'none'],
  ] as const)('takes the sum nearest to %d', (blockMs, rule) => {
    expect(testFanOut(blockMs, { none: 10, first: 8, all: 7 })).toBe(rule);
  });

  it('does not take what cannot be told', () => {
    expect(testFanOut(7, { none: 10, first: NaN, all: NaN })).toBe('none');
  });
});

describe('fusionRules', () => {
  /** A device that fuses ReLU behind convolutions: there it costs nothing. */
  function timesOf(fanOutMs: number): Map<string, { meanMs: number; deviationMs: number }> {
    const ofOne: Partial<Record<Operator, number>> = {
      conv: 50,
      'depthwise-conv': 12,
      relu: 4,
      relu6: 5,
      add: 7,
    };
    return new Map(
      fusionKernels(DEFAULT_PAIRS).map((kernel) => {
        const ms = kernel.operators.reduce((sum, operator, at) => {
          const fused = at > 0 && /relu/.test(operator) && /conv/.test(kernel.operators[at - 1] ?? '');
          return sum + (fused ? 0 : (ofOne[operator] ?? 9));
        }, 0);
        const fanOut = kernel.operators[0] === 'fan-out';
        return [kernelKey(kernel), steady(fanOut ? fanOutMs : ms)];
      }),
    );
  }

  it('finds what a device fuses and nothing else', () => {
    const { pairs } = fusionRules(DEFAULT_PAIRS, timesOf(44));
    expect(pairs.map((pair) => pair.join(' '))).toEqual([
      'conv relu',
      'conv relu6',
      'depthwise-conv relu',
      'depthwise-conv relu6',
    ]);
  });

  it.each([
    [44, 'none'],
    [40, 'first'],
    [39, 'all'],
  ] as const)('tells what happens at several consumers from a block of %d', (blockMs, rule) => {
    expect(fusionRules(DEFAULT_PAIRS, timesOf(blockMs)).fanOut).toBe(rule);
  });

  it('takes a pair as not fused when a time is missing', () => {
    const times = timesOf(44);
    times.delete(kernelKey(sequence(['conv'])));
    expect(fusionRules(DEFAULT_PAIRS, times).pairs.map(([first]) => first)).not.toContain('conv');
  });
});

describe('DEFAULT_PAIRS', () => {
  it('never holds a pair and its reverse, which a chain cannot tell apart', () => {
    const keys = new Set(DEFAULT_PAIRS.map((pair) => pair.join(' ')));
    const reversed = DEFAULT_PAIRS.filter(
      ([first, second]) => first !== second && keys.has(`${second} ${first}`),
    );
    expect(reversed).toEqual([]);
  });
});
