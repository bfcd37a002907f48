import { describe, expect, it } from 'vitest';
import { countMacs, networkOf } from '../../graph/index.js';
import {
  blockResponses,
  choiceMeasure,
  choiceProbabilities,
  expectedSum,
  family,
  ofaResNet50,
  placementEffects,
  positionsOf,
  type DepthGuard,
  type Encoding,
  type SearchSpace,
} from '../../space/index.js';
import { NOTE10, NOTE10_FIXED } from '../../space/testing/note10.js';
import { createRandom, mean, spearman } from '../../stats/index.js';
import { predictLatency } from '../latency-table.js';
import { endToEnd } from '../methods/end-to-end.js';
import type { MeasuredSubject, ProfileEstimate } from '../methods/method.js';
import { balancedNetworks } from './balanced-networks.js';

const note10 = { layers: NOTE10.map((layer) => [...layer, 0]), fixedMs: NOTE10_FIXED };
const mobile = family('ofa-mbv3-w12');

/** What a device measures whose networks take exactly so long, but for noise that only adds time. */
function measure(
  space: SearchSpace,
  options: object,
  timeOf: (encoding: Encoding) => number,
  noise = 0,
): MeasuredSubject[] {
  const random = createRandom(3);
  return endToEnd.plan(space, options).subjects.map((planned) => {
    const { subject } = planned;
    const ideal = subject.kind === 'NETWORK' ? timeOf(subject.encoding) : NaN;
    const rounds = Array.from({ length: 6 }, () => [ideal * (1 + noise * random.float())]);
    return { ...planned, rounds, referenceMs: [], unstable: false };
  });
}

const onNote10 = (encoding: Encoding): number => predictLatency(note10, encoding);

interface Details {
  readonly responses: readonly {
    block: string;
    regressionMs: number;
    sampledMs: number;
    standardErrorMs: number;
  }[];
  readonly placements: readonly {
    block: string;
    regressionMs: number;
    halfWidthMs: number;
    sample: { effectMs: number; standardErrorMs: number; p5EffectMs: number; networks: number } | null;
  }[];
  readonly networksNeeded: readonly { halfWidth: number; regression: number; sampling: number }[];
  readonly interactions: {
    additiveError: number;
    additiveShare: number;
    groups: readonly { name: string; explainedShare: number }[];
  };
}

function profile(
  space: SearchSpace,
  options: object,
  timeOf: (encoding: Encoding) => number,
  noise = 0,
): ProfileEstimate & { readonly details: Details } {
  const estimate = endToEnd.estimate(space, options, measure(space, options, timeOf, noise));
  expect(JSON.parse(JSON.stringify(estimate.details))).toEqual(estimate.details);
  return estimate as unknown as ProfileEstimate & { readonly details: Details };
}

let noisy: ReturnType<typeof profile> | null = null;

/** Half a per cent of noise on average; worked out once. */
const noisyNote10 = (): ReturnType<typeof profile> =>
  (noisy ??= profile(mobile, { fitNetworks: 150 }, onNote10, 0.01));

describe('END_TO_END on the Note10 table (algorithms.md §2.3, §2.5)', () => {
  it.each<[DepthGuard, number]>([
    ['strict', 150],
    ['repaired', 150],
    ['released', 150],
  ])('samples responses within 3 standard errors of exact, %s guard', (depthGuard, fitNetworks) => {
    const { details } = profile(mobile, { depthGuard, fitNetworks }, onNote10);
    const effects = placementEffects(mobile, (m) => expectedSum(m, note10.layers, NOTE10_FIXED), {
      guard: depthGuard,
    });
    const exact = blockResponses(effects);
    expect(details.responses).toHaveLength(9);
    for (const { block, sampledMs, standardErrorMs, regressionMs } of details.responses) {
      expect(Math.abs(sampledMs - (exact.get(block) ?? NaN))).toBeLessThan(3 * standardErrorMs);
      expect(Math.abs(regressionMs / (exact.get(block) ?? NaN) - 1)).toBeLessThan(0.002);
    }
    const far = details.placements.filter(({ sample }, at) => {
      const off = Math.abs((sample?.effectMs ?? 0) - (effects[at]?.effect ?? NaN));
      return off > 3 * (sample?.standardErrorMs ?? Infinity);
    });
    expect(details.placements).toHaveLength(180);
    expect(far.length).toBeLessThan(9);
  });

  it('recovers the table by regression, as far as networks tell, with half a per cent of noise', () => {
    const { table, intervalMs, quality, details } = noisyNote10();
    expect(quality.additivity?.within5).toBe(1);
    expect(quality.additivity?.mape).toBeLessThan(0.01);
    const truth = table.layers.map((layer, at) =>
      layer.map((_, choice) => note10.layers[at]?.[choice] ?? NaN),
    );
    expect(spearman(table.layers.flat(), truth.flat())).toBeGreaterThan(0.97);
    const inside = truth.flatMap((layer, at) =>
      layer.map((ms, choice) => {
        const [low, high] = [intervalMs?.low[at]?.[choice], intervalMs?.high[at]?.[choice]];
        return Number(ms >= (low ?? NaN) - 1e-9 && ms <= (high ?? NaN) + 1e-9);
      }),
    );
    // What all choices of a layer have in common is settled by prices, which no interval knows to be wrong.
    expect(mean(inside)).toBeGreaterThan(0.5);
    const exact = placementEffects(mobile, (m) => expectedSum(m, note10.layers, NOTE10_FIXED));
    const covered = details.placements.map(({ regressionMs, halfWidthMs }, at) =>
      Number(Math.abs(regressionMs - (exact[at]?.effect ?? NaN)) <= halfWidthMs),
    );
    expect(mean(covered)).toBeGreaterThan(0.75);
  });

  it('recovers it nearly exactly without noise', () => {
    const { quality, table } = profile(mobile, { fitNetworks: 150 }, onNote10);
    expect(quality.additivity?.mape).toBeLessThan(0.004);
    // Layers that may be left out have no shift to hide in.
    expect(Math.abs((table.layers[3]?.[8] ?? NaN) - 9.089)).toBeLessThan(0.3);
    expect(table.layers[3]?.[9]).toBe(0);
  });

  it('needs far fewer networks by regression than by sampling for the same interval', () => {
    const { details } = noisyNote10();
    for (const { regression, sampling } of details.networksNeeded)
      expect(regression).toBeLessThan(sampling / 10);
  });

  it('says that an additive device has no interactions to speak of', () => {
    const { interactions } = noisyNote10().details;
    expect(interactions.additiveShare).toBeGreaterThan(0.99);
    for (const { explainedShare } of interactions.groups) expect(explainedShare).toBeLessThan(0.2);
  });
});

describe('END_TO_END on other spaces', () => {
  it('predicts ResNet50, whose widths multiply, decently and says that pairs with widths explain the rest', () => {
    const space = ofaResNet50({ resolutions: [128, 160, 192] });
    const timeOf = (encoding: Encoding): number => 1 + countMacs(networkOf(space, encoding)) / 1e8;
    const { quality, details } = profile(space, { fitNetworks: 160 }, timeOf, 0.005);
    expect(quality.additivity?.kendallTau).toBeGreaterThan(0.9);
    expect(quality.additivity?.within10).toBeGreaterThan(0.5);
    const explained = new Map(
      details.interactions.groups.map(({ name, explainedShare }) => [name, explainedShare]),
    );
    expect(explained.get('all pairs')).toBeGreaterThan(0.5);
    expect(explained.get('resolution × width')).toBeGreaterThan(
      explained.get('blocks of different stages') ?? NaN,
    );
  });

  it.each(['nasbench201-cifar10', 'fashion-mobile', 'fbnet-cifar100', 'nasbench-macro'])(
    '%s: has an entry for every choice, none negative',
    (name) => {
      const space = family(name);
      const random = createRandom(1);
      const costs = positionsOf(space).map(({ choices }) => choices.map(() => random.float()));
      const { table, quality } = profile(
        space,
        { fitNetworks: 60, heldOutNetworks: 20 },
        (encoding) => predictLatency({ layers: costs, fixedMs: 2 }, encoding),
        0.002,
      );
      expect(table.layers.map(({ length }) => length)).toEqual(
        positionsOf(space).map(({ choices }) => choices.length),
      );
      expect(Math.min(...table.layers.flat())).toBeGreaterThanOrEqual(0);
      expect(quality.additivity?.networks).toBeGreaterThan(5);
    },
  );
});

describe('the plan of END_TO_END', () => {
  it('sees every choice about as often as it is drawn on average, also in its first part', () => {
    const networks = balancedNetworks(mobile, 120, 1);
    const chances = choiceProbabilities(choiceMeasure(mobile));
    for (const count of [60, 120])
      chances.forEach((chance, at) => {
        chance.forEach((expected, choice) => {
          const seen = networks.slice(0, count).filter((encoding) => encoding[at] === choice).length;
          expect(Math.abs(seen - expected * count)).toBeLessThan(5);
        });
      });
  });

  it('is all distinct networks, never fitted and held out at once, and the same for the same seed', () => {
    const { subjects } = endToEnd.plan(mobile, { fitNetworks: 100, heldOutNetworks: 30, seed: 4 });
    const keys = subjects.map(({ subject }) => JSON.stringify(subject));
    expect(new Set(keys).size).toBe(130);
    expect(subjects.filter(({ purpose }) => purpose === 'FIT')).toHaveLength(100);
    expect(endToEnd.plan(mobile, { fitNetworks: 100, heldOutNetworks: 30, seed: 4 }).subjects).toEqual(
      subjects,
    );
  });

  it.each([{ fitNetworks: 3 }, { fitNetworks: 1501 }, { depthGuard: 'none' }, { copies: [1, 4] }, []])(
    'refuses %j',
    (options) => {
      expect(() => endToEnd.plan(mobile, options)).toThrow(
        expect.objectContaining({ code: 'PROFILE_BAD_OPTION' }) as Error,
      );
    },
  );

  it('says so when too few networks were measured', () => {
    expect(() => endToEnd.estimate(mobile, {}, [])).toThrow('needs at least 4 whole networks to fit, got 0');
  });
});
