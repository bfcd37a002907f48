import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { blockCosts } from '../graph/index.js';
import { nonDominated2d } from '../pareto/index.js';
import { additiveLatency, type Evaluated } from '../search/index.js';
import {
  encodingIndex,
  encodingKey,
  enumerateEncodings,
  fashionBlox,
  fashionMobile,
  isKept,
  keepAll,
  sampleEncoding,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '../space/index.js';
import { createRandom, mean, median, spearman } from '../stats/index.js';
import { effectPosterior } from './effect-posterior.js';
import { networksNearFront } from './near-front.js';
import {
  adviseRules,
  chooseRatio,
  lostFront,
  placementEffects,
  predictedFront,
  prune,
  rankingTrust,
  shrunkenEffects,
  type Evidence,
  type PerChoice,
  type RuleSettings,
} from './index.js';

interface Fashion {
  readonly space: SearchSpace;
  readonly all: readonly Evaluated[];
  readonly front: readonly Evaluated[];
  readonly params: number[][];
  readonly latencyMs: number[][];
}

/** Accuracies from the whole table; a block takes 0.02 ms and what its multiply-accumulates take at 20 a nanosecond. */
function fashion(space: SearchSpace): Fashion {
  const folder = space.name.replace('fashion-', '');
  const path = new URL(`../../benchmarks/fashion/${folder}/accuracy.u16.gz`, import.meta.url);
  const bytes = gunzipSync(readFileSync(path));
  const costs = blockCosts(space);
  const latencyMs = costs.map((layer) => layer.map(({ macs }) => 0.02 + macs / 2e7));
  const error = Float64Array.from(
    { length: bytes.length / 2 },
    (_, i) => 100 - bytes.readUInt16LE(2 * i) / 100,
  );
  const total = additiveLatency(space, latencyMs, 0.05);
  const all = [...enumerateEncodings(space)].map((encoding, i) => ({
    encoding,
    error: error[i] ?? NaN,
    latencyMs: total[i] ?? NaN,
  }));
  const front = Array.from(nonDominated2d(error, total)).flatMap((i) => all[i] ?? []);
  return { space, all, front, params: costs.map((layer) => layer.map(({ params }) => params)), latencyMs };
}

function evidenceOf({ space, all, params, latencyMs }: Fashion, seed: number, count: number): Evidence {
  const random = createRandom(seed);
  const evaluated = Array.from(
    { length: count },
    () => all[encodingIndex(space, sampleEncoding(space, random))],
  ).filter((each) => each !== undefined);
  return { params, latencyMs, evaluated };
}

const tables = { mobile: fashion(fashionMobile), blox: fashion(fashionBlox) };
const { mobile } = tables;
const EFFECT: RuleSettings = { rule: 'BLOCK_EFFECT', ratio: 0.7 };
const EFFICIENCY: RuleSettings = { rule: 'EFFICIENCY', ratio: 0.7 };

describe('advice before a long search', () => {
  it.each([
    ['mobile', 1],
    ['blox', 1],
  ] as const)('trusts block effect and not params/latency on Fashion %s, seed %i', (name, seed) => {
    const table = tables[name];
    const { rules, recommended, words } = adviseRules(table.space, evidenceOf(table, seed, 135), [
      EFFICIENCY,
      EFFECT,
    ]);
    expect(rules.map(({ verdict }) => verdict)).toEqual(['DISTRUST', 'TRUST']);
    expect(recommended).toEqual(EFFECT);
    expect(words).toMatch(
      /Prune by block effect 70 %\. params\/latency 70 % is not to be trusted: .*ρ = −0\.\d\d/,
    );
    const [efficiency, effect] = rules.map(({ nonDomination }) => nonDomination);
    expect(efficiency?.high).toBeLessThan(effect?.low ?? NaN);
    // The verdict is right: what it trusts leaves most of the true front, what it distrusts little.
    const loss = ([EFFICIENCY, EFFECT] as const).map(
      (rule) =>
        lostFront(table.front, prune(table.space, rule, evidenceOf(table, seed, 135)).kept, table.all)
          .igdPlus ?? 1,
    );
    expect(loss[0]).toBeGreaterThan(4 * (loss[1] ?? NaN));
  });
  it('does not trust chance, and says what it cannot judge', () => {
    const chance = [1, 2, 3].map((seed): RuleSettings => ({ rule: 'RANDOM', ratio: 0.7, seed }));
    const evidence = { evaluated: evidenceOf(mobile, 3, 135).evaluated };
    const { rules, recommended } = adviseRules(fashionMobile, evidence, [...chance, EFFICIENCY]);
    expect(rules.slice(0, 3).filter(({ verdict }) => verdict === 'TRUST')).toEqual([]);
    expect(rules[3]).toMatchObject({
      verdict: 'UNKNOWN',
      reason: 'EFFICIENCY needs the parameters of each block',
    });
    expect(recommended).toBeNull();
  });
  it('wants a pilot of at least 20 networks', () => {
    expect(() => adviseRules(fashionMobile, evidenceOf(mobile, 1, 19), [EFFECT])).toThrow(
      expect.objectContaining({ code: 'PRUNING_MISSING_EVIDENCE' }) as Error,
    );
  });
});

describe('choosing the ratio', () => {
  it.each([
    ['mobile', 1],
    ['mobile', 2],
    ['blox', 1],
  ] as const)('stays clear of 90 percent on Fashion %s with 135 networks, seed %i', (name, seed) => {
    const table = tables[name];
    const evidence = evidenceOf(table, seed, 135);
    const { ratio, reason, considered } = chooseRatio(table.space, EFFECT, evidence);
    expect(ratio).toBeGreaterThanOrEqual(0.5);
    expect(ratio).toBeLessThanOrEqual(0.8);
    expect(reason).toMatch(/^(60|70|80) % by block effect: .*(70|80|90) % would be/);
    const real = (at: number): number =>
      lostFront(
        table.front,
        prune(table.space, { rule: 'BLOCK_EFFECT', ratio: at }, evidence).kept,
        table.all,
      ).igdPlus ?? 1;
    expect(real(0.9)).toBeGreaterThan(2 * real(ratio));
    expect(considered.map(({ expectedLoss }) => expectedLoss)).toEqual(
      considered.map(({ expectedLoss }) => expectedLoss).sort((a, b) => a - b),
    );
    expect(considered[0]).toMatchObject({ ratio: 0, expectedLoss: 0, lostSeen: 0 });
  });
  it('expects the loss that comes true, within what draws of networks differ by', () => {
    const ratios = [1, 2, 3, 4, 5].map((seed) => {
      const evidence = evidenceOf(mobile, seed, 135);
      const [at70] = chooseRatio(fashionMobile, EFFECT, evidence, { ratios: [0.7] }).considered;
      const { kept } = prune(fashionMobile, EFFECT, evidence);
      return (lostFront(mobile.front, kept, mobile.all).igdPlus ?? NaN) / (at70?.expectedLoss ?? NaN);
    });
    expect(median(ratios)).toBeGreaterThan(0.5);
    expect(median(ratios)).toBeLessThan(2);
  });
  it('prunes less where less is known: with wide latency intervals', () => {
    const evidence = evidenceOf(mobile, 3, 135);
    const wide = { ...evidence, latencyHalfWidthMs: mobile.latencyMs.map((layer) => layer.map((ms) => ms)) };
    const lossAt70 = (known: Evidence): number =>
      chooseRatio(fashionMobile, EFFECT, known, { ratios: [0.7] }).considered[0]?.expectedLoss ?? NaN;
    expect(lossAt70(wide)).toBeGreaterThan(2 * lossAt70(evidence));
  });
  it('sees that a rule which knows no accuracy loses the front at any ratio', () => {
    const { ratio } = chooseRatio(fashionMobile, EFFICIENCY, evidenceOf(mobile, 1, 135));
    expect(ratio).toBeLessThanOrEqual(0.3);
  });
  it('is for rules with a ratio', () => {
    const evidence = evidenceOf(mobile, 1, 30);
    expect(() =>
      chooseRatio(fashionMobile, { rule: 'MANUAL', kept: keepAll(fashionMobile) }, evidence),
    ).toThrow(/no ratio/);
  });
});

describe('trust in a ranking', () => {
  it('expects what comes true: agreement with the effects of the whole table', () => {
    const whole = placementEffects(fashionMobile, mobile.all).effect;
    for (const seed of [1, 2, 3]) {
      const evidence = evidenceOf(mobile, seed, 135);
      const { rankAgreement, isTrustworthy, enough } = rankingTrust(fashionMobile, evidence, { ratio: 0.7 });
      const { effect } = shrunkenEffects(fashionMobile, evidence.evaluated ?? []);
      const real = mean(effect.map((row, layer) => spearman(row, whole[layer] ?? [])));
      expect(Math.abs(rankAgreement - real)).toBeLessThan(0.08);
      expect([isTrustworthy, enough]).toEqual([true, 135]);
    }
  });
  it('tells how many networks it takes when there are too few', () => {
    const few = rankingTrust(fashionMobile, evidenceOf(mobile, 1, 40), { ratio: 0.7 });
    expect(few).toMatchObject({ isTrustworthy: false, enough: 81 });
    expect(few.words).toMatch(/about 81 networks should do/);
    const strict = rankingTrust(fashionMobile, evidenceOf(mobile, 1, 135), { ratio: 0.7, least: 0.95 });
    expect(strict.enough).toBeGreaterThan(135);
    expect(strict.enough).toBeLessThan(1500);
  });
});

describe('what effects may be', () => {
  const samples = evidenceOf(mobile, 1, 135).evaluated ?? [];
  const posterior = effectPosterior(fashionMobile, samples);
  it('has the mean and the spread of the shrunken estimate', () => {
    const { effect, standardError } = shrunkenEffects(fashionMobile, samples);
    const random = createRandom(1);
    const draws = Array.from({ length: 400 }, () => posterior.draw(random)[1]?.[5] ?? NaN);
    const expected = effect[1]?.[5] ?? NaN;
    const deviation = standardError[1]?.[5] ?? NaN;
    expect(posterior.effect[1]?.[5]).toBeCloseTo(expected, 12);
    expect(Math.abs(mean(draws) - expected)).toBeLessThan((3 * deviation) / 20);
    const spread = Math.sqrt(mean(draws.map((each) => (each - expected) ** 2)));
    expect(spread / deviation).toBeGreaterThan(0.85);
    expect(spread / deviation).toBeLessThan(1.15);
  });
  it('leaves less open after more networks', () => {
    const gap = (factor: number): number => {
      const random = createRandom(2);
      const pairs = Array.from({ length: 100 }, () => posterior.drawAfter(factor, random));
      return mean(
        pairs.map(({ estimate, truth }) => ((estimate[0]?.[0] ?? NaN) - (truth[0]?.[0] ?? NaN)) ** 2),
      );
    };
    expect(gap(16)).toBeLessThan(gap(4));
    expect(gap(4)).toBeLessThan(gap(1));
  });
  it('is certain where all networks err alike', () => {
    const flat = samples.map((each) => ({ ...each, error: 8 }));
    expect(
      effectPosterior(fashionMobile, flat)
        .draw(createRandom(1))
        .flat()
        .every((each) => each === 0),
    ).toBe(true);
  });
});

describe('the networks near a front', () => {
  const { effect } = shrunkenEffects(fashionMobile, evidenceOf(mobile, 4, 135).evaluated ?? []);
  const figures = { effect, latencyMs: mobile.latencyMs };
  const near = (kept: KeptChoices, limit: number): readonly Encoding[] =>
    networksNearFront(fashionMobile, kept, figures, limit);

  it('are all of a space that has no more', () => {
    const { kept } = prune(fashionMobile, EFFECT, evidenceOf(mobile, 4, 135));
    const all = mobile.all.map(({ encoding }) => encoding).filter((encoding) => isKept(kept, encoding));
    expect(near(kept, 729).map(encodingKey).sort()).toEqual(all.map(encodingKey).sort());
  });
  it('are those with the least error above it, as looking at every network finds them', () => {
    const sum = (table: PerChoice, encoding: Encoding): number =>
      encoding.reduce((total, choice, at) => total + (table[at]?.[choice] ?? NaN), 0);
    const front = predictedFront(fashionMobile, keepAll(fashionMobile), effect, mobile.latencyMs).map(
      (encoding) => [sum(mobile.latencyMs, encoding), sum(effect, encoding)] as const,
    );
    const gapOf = (encoding: Encoding): number =>
      sum(effect, encoding) - (front.findLast(([ms]) => ms <= sum(mobile.latencyMs, encoding))?.[1] ?? NaN);
    const nearest = mobile.all
      .map(({ encoding }) => encoding)
      .toSorted((a, b) => gapOf(a) - gapOf(b))
      .slice(0, 1000)
      .map(encodingKey);
    const found = new Set(near(keepAll(fashionMobile), 1000).map(encodingKey));
    expect(found.size).toBe(1000);
    expect(nearest.filter((key) => found.has(key)).length).toBeGreaterThan(950);
  });
});
