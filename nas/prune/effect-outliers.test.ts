import { describe, expect, it } from 'vitest';
import {
  choiceMeasure,
  expectedSum,
  family,
  keptSize,
  placementEffects,
  positionsOf,
  sampleEncoding,
  type Encoding,
} from '../space/index.js';
import { NOTE10, NOTE10_FIXED } from '../space/testing/note10.js';
import { createRandom, mean } from '../stats/index.js';
import {
  cappedUnits,
  effectOutliers,
  keptByReduction,
  prune,
  publishedReductions,
  PruningError,
  type BlockResponse,
} from './index.js';
import { BLOCKS, OFA_GPU, PUBLISHED } from './testing/published-responses.js';

const ofa = family('ofa-mbv3-w12');

const removedOf = (responses: readonly BlockResponse[]): string[] =>
  effectOutliers(responses).flatMap((outlier, block) => (outlier === null ? [] : [BLOCKS[block] ?? '']));

describe('block removals from published responses (algorithms.md §2.4, §2.6)', () => {
  it.each(PUBLISHED)('$device: $removed', ({ responses, removed }) => {
    expect(removedOf(responses).sort()).toEqual([...removed].sort());
  });
  it('deviates from the paper for the GPU by one block of two that the table holds 0.01 points apart', () => {
    expect(removedOf(OFA_GPU).sort()).toEqual(['e3k3', 'e3k5', 'e3k7']);
    expect(effectOutliers(OFA_GPU)[8]).toEqual({ rule: 'R3', against: null });
  });
  it('names the rule and the block that shows it', () => {
    const npu = effectOutliers(PUBLISHED[0]?.responses ?? []);
    expect(npu[2]).toEqual({ rule: 'R1', against: BLOCKS.indexOf('e6k5') });
    const note10 = effectOutliers(PUBLISHED[6]?.responses ?? []);
    expect(note10[5]).toEqual({ rule: 'R2', against: BLOCKS.indexOf('e6k3') });
  });
  it('refuses what is no response', () => {
    expect(() => effectOutliers([{ accuracy: NaN, latency: 1 }])).toThrow(/block 0/);
    expect(() => effectOutliers([{ accuracy: 1, latency: 0 }])).toThrow(RangeError);
    expect(effectOutliers([])).toEqual([]);
  });
});

describe('the reduced spaces of the paper (algorithms.md §2.6)', () => {
  const sizes: Record<string, bigint> = {
    'OFA-NPU': 1548n ** 5n,
    'OFA-GPU': 1548n ** 2n * 252n ** 3n,
    'OFA-CPU': 810n ** 3n * 7371n ** 2n,
    'OFA-Note10': 392n * 2793n ** 4n,
    'OFA-max-accuracy': 775n ** 5n,
    'Proxyless-NPU': 1548n ** 5n * 6n,
    'Proxyless-GPU': 252n ** 3n * 1548n ** 2n * 6n,
    'Proxyless-CPU': 810n ** 2n * 7371n ** 3n * 9n,
    'Proxyless-max-accuracy': 775n ** 5n * 5n,
  };
  it.each(publishedReductions)('$name has the published size', (reduction) => {
    const space = reduction.name.startsWith('OFA') ? ofa : family('ofa-proxyless-w13');
    expect(keptSize(space, keptByReduction(space, reduction))).toBe(sizes[reduction.name]);
  });
  it.each([
    ['OFA-NPU', 'OFA NPU 224'],
    ['OFA-CPU', 'OFA CPU 224'],
    ['OFA-Note10', 'OFA Note10 224'],
  ])('%s follows from the rules and the depths of the paper', (name, device) => {
    const responses = PUBLISHED.find((each) => each.device === device)?.responses ?? [];
    const { maxDepths = [] } = publishedReductions.find((each) => each.name === name) ?? {};
    const kept = keptByReduction(ofa, { name, removed: removedOf(responses), maxDepths });
    expect(keptSize(ofa, kept)).toBe(sizes[name]);
  });
  it('are refused for other spaces', () => {
    const [npu] = publishedReductions;
    if (npu === undefined) throw new Error('no reductions');
    expect(() => keptByReduction(family('fashion-mobile'), npu)).toThrow(
      /OFA-NPU is no reduction of fashion-mobile/,
    );
    expect(() => keptByReduction(family('ofa-proxyless-w13'), npu)).toThrow(PruningError);
  });
});

describe('depth limits', () => {
  // What a unit's fourth layer costs on the Note10, if it gains the same everywhere: the paper's rule follows from cost alone.
  const latency = placementEffects(ofa, (measure) => expectedSum(measure, NOTE10, NOTE10_FIXED));
  const fourth = [0, 1, 2, 3, 4].map((unit) => ({
    latency: mean(
      latency.filter(({ held: [one] }) => one?.position === 4 * unit + 3).map(({ effect }) => effect),
    ),
    accuracy: 0.2,
  }));
  it('caps the first unit on the Note10, whose fourth layer is by far the dearest', () => {
    expect(fourth.map((each) => each.latency.toFixed(3))).toEqual([
      '4.534',
      '2.144',
      '1.559',
      '2.770',
      '1.556',
    ]);
    expect(cappedUnits(fourth)).toEqual([true, false, false, false, false]);
  });
  it('spares the last two units unless the device is flat, and units where depth is free', () => {
    const dear = [1, 1, 1, 9, 9].map((ms) => ({ latency: ms, accuracy: 1 }));
    expect(cappedUnits(dear)).toEqual([false, false, false, false, false]);
    expect(cappedUnits(dear, { isFlatDevice: true })).toEqual([false, false, false, true, true]);
    const free = [{ latency: 0, accuracy: -1 }, null, ...dear.slice(0, 2)];
    expect(cappedUnits(free)).toEqual([false, false, false, false]);
    expect(cappedUnits([{ latency: 1, accuracy: -1 }, ...dear.slice(0, 4)])[0]).toBe(true);
  });
  it('fall on more units as the factor falls', () => {
    const count = (factor: number): number => cappedUnits(fourth, { factor }).filter(Boolean).length;
    expect([3, 2.2, 2, 1.5, 1, 0.5].map(count)).toEqual([0, 0, 1, 1, 1, 3]);
  });
});

describe('EFFECT_OUTLIERS in a space', () => {
  /** Accuracy: depth and expansion help, more so in late units. Latency: the Note10's. */
  const accuracyOf = (encoding: Encoding): number =>
    encoding.reduce((sum, choice, at) => {
      const { name = '' } = positionsOf(ofa)[at]?.choices[choice] ?? {};
      const unit = Math.floor(at / 4);
      return name === 'none'
        ? sum
        : sum + 0.15 + (0.02 + 0.02 * unit) * Number(name[1]) - 0.004 * Number(name[3]);
    }, 70);
  const random = createRandom(4);
  const evaluated = Array.from({ length: 200 }, () => {
    const encoding = sampleEncoding(ofa, random);
    const latencyMs = encoding.reduce((sum, choice, at) => sum + (NOTE10[at]?.[choice] ?? 0), NOTE10_FIXED);
    return { encoding, error: 100 - accuracyOf(encoding), latencyMs };
  });
  const latencyMs = positionsOf(ofa).map(({ choices }, at) => choices.map((_, i) => NOTE10[at]?.[i] ?? 0));
  const decision = prune(ofa, { rule: 'EFFECT_OUTLIERS' }, { latencyMs, evaluated });

  it('removes a block everywhere or nowhere: here all that are slower without being more accurate', () => {
    const names = (at: number): string =>
      (decision.kept[at] ?? []).map((i) => positionsOf(ofa)[at]?.choices[i]?.name ?? '').join(' ');
    expect(names(0)).not.toMatch(/k7/);
    expect(names(0)).toMatch(/e6k3/);
    for (const layer of [1, 4, 8, 12, 16]) expect(names(layer)).toBe(names(0));
    expect(decision.reasons[0]?.[2]).toMatch(/goes: .*e3k7|goes: .*R2/);
  });
  it('caps the dear first unit and says so', () => {
    expect(decision.kept[3]).toEqual([9]);
    expect(decision.explanation).toMatch(/last layer of unit1 removed/);
    expect(decision.kept[19]?.length).toBeGreaterThan(1);
  });
  it('gives odds of mutation for each unit of the search', () => {
    expect(decision.mutationProbabilities).toHaveLength(5);
    expect(decision.mutationProbabilities?.every((odds) => odds === 0.25 || odds === 0.5)).toBe(true);
    expect(decision.mutationProbabilities?.at(-1)).toBe(0.5);
  });
  it('takes for latency what the table says exactly', () => {
    const overall = expectedSum(choiceMeasure(ofa), NOTE10, NOTE10_FIXED);
    expect(overall).toBeCloseTo(41.796, 2);
    const e6k7 = decision.reasons[0]?.[8] ?? '';
    // Strict depth guard: 44.64 ms (algorithms.md §2.3).
    expect(e6k7).toMatch(/in 44\.6 ms/);
  });
});
