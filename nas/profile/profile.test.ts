import { describe, expect, it } from 'vitest';
import { fashionMobile, positionsOf, parseEncoding, type SearchSpace } from '../space/index.js';
import { createRandom } from '../stats/index.js';
import type { MeasuredSubject, ProfileEstimate, ProfilePlan } from './methods/method.js';
import { isolated } from './methods/isolated.js';
import { predictLatency } from './latency-table.js';
import { referenceDrift } from './reference-drift.js';
import { robustFloor, sampleStatistics } from './statistics.js';
import { parseSubject, subjectKey, type Subject } from './subject.js';
import { ProfileError } from './error.js';

const SEED = 11;
const CALL_MS = 0.02;
const FIXED_MS = 0.3;

const planProfile = (space: SearchSpace, options: object): ProfilePlan => isolated.plan(space, options);
const estimateProfile = (space: SearchSpace, results: readonly MeasuredSubject[]): ProfileEstimate =>
  isolated.estimate(space, {}, results);

describe('the plan of ISOLATED', () => {
  it('measures every block as every chain, then distinct networks', () => {
    const { subjects } = planProfile(fashionMobile, { copies: [1, 3], fitNetworks: 5, heldOutNetworks: 7 });
    const keys = subjects.map(({ subject }) => subjectKey(subject));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.slice(0, 3)).toEqual(['block 0.0 x1', 'block 0.0 x3', 'block 0.1 x1']);
    expect(subjects.map(({ purpose }) => purpose).join(' ')).toBe(
      [
        ...Array<string>(162).fill('BLOCK'),
        ...Array<string>(5).fill('FIT'),
        ...Array<string>(7).fill('HELD_OUT'),
      ].join(' '),
    );
  });

  it('is the same for the same seed and draws others for another', () => {
    expect(planProfile(fashionMobile, { seed: 1 })).toEqual(planProfile(fashionMobile, { seed: 1 }));
    expect(planProfile(fashionMobile, { seed: 1 })).not.toEqual(planProfile(fashionMobile, { seed: 2 }));
  });

  it.each([
    { copies: [1] },
    { copies: [2, 3] },
    { copies: [1, 1] },
    { copies: [1, 4, 3] },
    { copies: [1, 65] },
    { copies: 4 },
    { fitNetworks: -1 },
    { heldOutNetworks: 1e9 },
    { seed: 0.5 },
    { chains: [1, 4] },
    [],
    'all',
  ])('refuses %j', (options) => {
    expect(() => isolated.plan(fashionMobile, options)).toThrow(
      expect.objectContaining({ code: 'PROFILE_BAD_OPTION' }) as Error,
    );
  });
});

describe('parseSubject', () => {
  it.each<Subject>([
    { kind: 'BLOCK', layer: 2, choice: 26, copies: 4, site: 0 },
    { kind: 'NETWORK', encoding: parseEncoding(fashionMobile, [1, 2, 3]) },
    { kind: 'WITHOUT', encoding: parseEncoding(fashionMobile, [1, 2, 3]), layer: 1 },
    { kind: 'REFERENCE' },
  ])('reads back $kind', (subject) => {
    expect(parseSubject(fashionMobile, JSON.parse(JSON.stringify(subject)))).toEqual(subject);
  });

  it.each([
    [null, 'expected an object'],
    [{ kind: 'LAYER' }, 'kind: expected BLOCK, NETWORK, WITHOUT, KERNEL or REFERENCE'],
    [{ kind: 'WITHOUT', encoding: [0, 0, 0], layer: 3 }, 'layer: expected an integer from 0 to 2'],
    [{ kind: 'BLOCK', layer: 3, choice: 0, copies: 1, site: 0 }, 'layer: expected an integer from 0 to 2'],
    [{ kind: 'BLOCK', layer: 0, choice: 27, copies: 1, site: 0 }, 'choice: expected an integer from 0 to 26'],
    [
      { kind: 'BLOCK', layer: 0, choice: 0, copies: 1e6, site: 0 },
      'copies: expected an integer from 1 to 64',
    ],
    [{ kind: 'NETWORK', encoding: [0, 0] }, 'encoding: expected 3 indices'],
  ])('refuses %j', (value, message) => {
    expect(() => parseSubject(fashionMobile, value)).toThrow(ProfileError);
    expect(() => parseSubject(fashionMobile, value)).toThrow(message);
  });
});

describe('sampleStatistics', () => {
  it('has a floor that a storm over most rounds does not move', () => {
    const calm = [
      [1.0, 1.2],
      [1.02, 1.1],
      [1.01, 3],
    ];
    const storm = Array.from({ length: 20 }, () => [2.5, 2.6, 9]);
    expect(sampleStatistics([...calm, ...storm]).floorMs).toBeCloseTo(1.01, 9);
    expect(sampleStatistics([...calm, ...storm]).medianMs).toBeGreaterThan(2.4);
  });

  it('brackets the floor, and describes all samples', () => {
    const random = createRandom(SEED);
    const rounds = Array.from({ length: 12 }, () => Array.from({ length: 30 }, () => 2 + random.float()));
    const { floorMs, floorIntervalMs, ...rest } = sampleStatistics(rounds);
    expect(floorIntervalMs[0]).toBeLessThanOrEqual(floorMs);
    expect(floorIntervalMs[1]).toBeGreaterThanOrEqual(floorMs);
    expect(rest.sampleCount).toBe(360);
    expect(rest.minMs).toBeGreaterThanOrEqual(2);
    expect(rest.medianMs).toBeCloseTo(2.5, 1);
    expect(rest.coefficientOfVariation).toBeCloseTo(Math.sqrt(1 / 12) / 2.5, 1);
  });

  it('gives the only sample when there is one', () => {
    const { coefficientOfVariation, ...rest } = sampleStatistics([[2]]);
    expect(coefficientOfVariation).toBe(0);
    expect(rest).toMatchObject({ floorMs: 2, floorIntervalMs: [2, 2], p99Ms: 2 });
  });

  it.each([[[]], [[[]]], [[[1, 0]]], [[[NaN]]], [[[Infinity]]], [[[-1]]]])('refuses %j', (rounds) => {
    expect(() => sampleStatistics(rounds)).toThrow(ProfileError);
  });

  it('takes the three lowest minima whatever their order', () => {
    expect(robustFloor([9, 2, 7, 1, 3, 8])).toBe(2);
  });
});

describe('the estimate of ISOLATED', () => {
  const truth = (layer: number, choice: number): number => 0.05 + 0.03 * choice + 0.01 * layer;

  /** Samples of an additive device: call overhead, blocks, and noise that only adds time. */
  function measure(noise: number, drop: (subject: Subject) => boolean = () => false): MeasuredSubject[] {
    const random = createRandom(SEED);
    const plan = planProfile(fashionMobile, { copies: [1, 4], fitNetworks: 10, heldOutNetworks: 20 });
    return plan.subjects
      .filter(({ subject }) => !drop(subject))
      .map((planned) => {
        const idealMs = idealOf(planned.subject);
        const rounds = Array.from({ length: 9 }, () =>
          Array.from({ length: 20 }, () => idealMs * (1 + noise * random.float() ** 2)),
        );
        return { ...planned, rounds, referenceMs: rounds.map(() => 1), unstable: false };
      });
  }

  function idealOf(subject: Subject): number {
    switch (subject.kind) {
      case 'BLOCK':
        return CALL_MS + subject.copies * truth(subject.layer, subject.choice);
      case 'NETWORK':
        return FIXED_MS + subject.encoding.reduce((sum, choice, layer) => sum + truth(layer, choice), 0);
      case 'WITHOUT':
      case 'KERNEL':
      case 'REFERENCE':
        return 1;
    }
  }

  it('recovers blocks, call overhead and fixed part exactly without noise', () => {
    const {
      table: corrected,
      uncorrected: table,
      isolatedMs,
      interceptMs,
      quality,
    } = estimateProfile(fashionMobile, measure(0));
    positionsOf(fashionMobile).forEach((layer) => {
      layer.choices.forEach((_, choice) => {
        expect(table.layers[layer.index]?.[choice]).toBeCloseTo(truth(layer.index, choice), 9);
        expect(isolatedMs?.[layer.index]?.[choice]).toBeCloseTo(CALL_MS + truth(layer.index, choice), 9);
      });
    });
    expect(table.fixedMs).toBeCloseTo(FIXED_MS, 9);
    expect(interceptMs).toBeCloseTo(CALL_MS, 9);
    expect(corrected.fixedMs).toBeCloseTo(FIXED_MS, 6);
    expect(quality).toMatchObject({ drifted: false, unstableCount: 0, referenceDrift: 0 });
    expect(quality.heldOut).toHaveLength(20);
    expect(quality.uncorrectedAdditivity).toMatchObject({ networks: 20, within5: 1, within10: 1 });
    expect(quality.uncorrectedAdditivity?.mape).toBeLessThan(1e-9);
    expect(quality.repeatability?.spearman).toBeCloseTo(1, 9);
  });

  it('stays close under noise of up to twice the time', () => {
    const { quality } = estimateProfile(fashionMobile, measure(2));
    expect(quality.additivity?.mape).toBeLessThan(0.02);
    expect(quality.repeatability?.spearman).toBeGreaterThan(0.99);
  });

  it('names the block whose chain is missing', () => {
    const results = measure(0, (subject) => subjectKey(subject) === 'block 1.3 x4');
    expect(() => estimateProfile(fashionMobile, results)).toThrow(
      'stage2 k3e2d1: needs the block alone and a longer chain, got 1 results',
    );
  });

  it('says so when no network was measured', () => {
    const { table, quality } = estimateProfile(
      fashionMobile,
      measure(0, ({ kind }) => kind === 'NETWORK'),
    );
    expect(table.fixedMs).toBe(0);
    expect(quality).toMatchObject({ additivity: null, uncorrectedAdditivity: null, heldOut: [] });
  });

  it('corrects for networks that run faster than the sum of their chains', () => {
    const results = measure(0).map((each) =>
      each.subject.kind === 'NETWORK'
        ? { ...each, rounds: each.rounds.map((round) => Array.from(round, (ms) => 0.8 * ms)) }
        : each,
    );
    const { quality } = estimateProfile(fashionMobile, results);
    expect(quality.uncorrectedAdditivity?.mape).toBeGreaterThan(0.02);
    expect(quality.additivity?.mape).toBeLessThan(1e-8);
  });
});

describe('drift of a profile', () => {
  const results = planProfile(fashionMobile, {}).subjects.map((planned) => ({
    ...planned,
    rounds: Array.from({ length: 4 }, () => [planned.subject.kind === 'BLOCK' ? planned.subject.copies : 9]),
    unstable: false,
  }));
  const driftWith = (reference: (subject: number, round: number) => number): number | null =>
    estimateProfile(
      fashionMobile,
      results.map((each, at) => ({
        ...each,
        referenceMs: [0, 1, 2, 3].map((round) => reference(at, round)),
      })),
    ).quality.referenceDrift;

  it('is seen between rounds of one campaign and between campaigns that measured a part each', () => {
    expect(driftWith(() => 1)).toBe(0);
    expect(driftWith((_, round) => (round > 1 ? 1.05 : 1))).toBeCloseTo(0.05, 9);
    expect(driftWith((subject) => (subject > 100 ? 1.05 : 1))).toBeCloseTo(0.05, 9);
  });
});

describe('referenceDrift', () => {
  const steady = Array.from({ length: 100 }, () => 1);

  it('sees a lasting move, not single disturbed readings', () => {
    expect(referenceDrift(steady)).toBe(0);
    expect(referenceDrift(steady.map((ms, i) => (i % 10 === 3 ? 5 : ms)))).toBe(0);
    expect(referenceDrift(steady.map((ms, i) => (i >= 60 ? 1.1 : ms)))).toBeCloseTo(0.1, 9);
    expect(referenceDrift([])).toBeNull();
  });
});

describe('predictLatency', () => {
  it('adds the fixed part and refuses what the table does not have', () => {
    const table = { layers: [[1, 2], [10]], fixedMs: 100 };
    expect(predictLatency(table, [1, 0])).toBe(112);
    expect(() => predictLatency(table, [1, 1])).toThrow('layer 1 has no choice 1');
    expect(() => predictLatency(table, [1])).toThrow('expected 2 choices, got 1');
  });
});
