import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonDominated } from '../pareto/index.js';
import {
  family,
  fashionMobile,
  isKept,
  keepAll,
  positionsOf,
  sampleEncoding,
  type SearchSpace,
} from '../space/index.js';
import { toySpace } from '../space/testing/toy-space.js';
import { createRandom } from '../stats/index.js';
import type { PruningError } from './index.js';
import {
  evidenceFor,
  keptCount,
  lostFront,
  prune,
  pruneByEfficiency,
  ruleLabel,
  type Evidence,
  type RuleSettings,
} from './index.js';

const perChoice = (space: SearchSpace, value: (layer: number, choice: number) => number): number[][] =>
  positionsOf(space).map((layer, at) => layer.choices.map((_, i) => value(at, i)));

function evidenceOf(space: SearchSpace, seed: number): Evidence {
  const random = createRandom(seed);
  const params = perChoice(space, () => 1 + random.int(50));
  const latencyMs = perChoice(space, () => 1 + random.int(9));
  const evaluated = Array.from({ length: 60 }, () => {
    const encoding = sampleEncoding(space, random);
    const sum = encoding.reduce((total, choice, at) => total + (latencyMs[at]?.[choice] ?? 0), 0);
    return { encoding, error: 20 + random.float() - sum / 50, latencyMs: sum };
  });
  return { params, latencyMs, evaluated };
}

const RULES: readonly RuleSettings[] = [
  { rule: 'EFFICIENCY', ratio: 0.7 },
  { rule: 'EFFICIENCY', ratio: 0.7, scope: 'SHARED' },
  { rule: 'EFFICIENCY', ratio: 0.7, scope: 'GLOBAL' },
  { rule: 'BLOCK_EFFECT', ratio: 0.7 },
  { rule: 'EFFECT_OUTLIERS' },
  { rule: 'RANDOM', ratio: 0.7, seed: 3 },
  { rule: 'MANUAL', kept: keepAll(fashionMobile) },
  { rule: 'INTERSECTION', of: [{ rule: 'BLOCK_EFFECT', ratio: 0.5 }, { rule: 'EFFICIENCY', ratio: 0.5 }] },
  { rule: 'UNION', of: [{ rule: 'BLOCK_EFFECT', ratio: 0.9 }, { rule: 'RANDOM', ratio: 0.9, seed: 1 }] },
]; // prettier-ignore

describe('every rule', () => {
  it.each(RULES.map((settings) => ({ name: ruleLabel(settings), settings })))(
    'keeps something of every layer and gives a reason for every choice: $name',
    ({ settings }) => {
      const { kept, scores, order, reasons, explanation } = prune(
        fashionMobile,
        settings,
        evidenceOf(fashionMobile, 1),
      );
      positionsOf(fashionMobile).forEach(({ choices }, at) => {
        expect(kept[at]?.length).toBeGreaterThan(0);
        expect([...(kept[at] ?? [])].sort((a, b) => a - b)).toEqual(kept[at]);
        expect(reasons[at]).toHaveLength(choices.length);
        choices.forEach((_, i) =>
          expect(reasons[at]?.[i]).toMatch(kept[at]?.includes(i) === true ? /^stays: \S/ : /^goes: \S/),
        );
        if (order === null || scores === null) return;
        const sorted = (order[at] ?? []).map((i) => scores[at]?.[i] ?? NaN);
        expect([...(order[at] ?? [])].sort((a, b) => a - b)).toEqual(choices.map((_, i) => i));
        expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
      });
      expect(explanation).toMatch(/\w.*\.$/);
    },
  );
  it.each(
    RULES.filter((settings) => evidenceFor(settings).size > 0).map((settings) => ({
      name: ruleLabel(settings),
      settings,
    })),
  )('says what it lacks: $name', ({ settings }) => {
    const fields = {
      PARAMS: 'params',
      LATENCY: 'latencyMs',
      EVALUATIONS: 'evaluated',
      BASE_NETWORKS: 'baseNetworks',
    };
    for (const kind of evidenceFor(settings)) {
      const lacking = { ...evidenceOf(fashionMobile, 1), [fields[kind]]: undefined };
      expect(() => prune(fashionMobile, settings, lacking)).toThrow(
        expect.objectContaining({ code: 'PRUNING_MISSING_EVIDENCE' }) as PruningError,
      );
    }
  });
  it('leaves widths, resolutions and leaving a layer out to people', () => {
    const space = family('ofa-resnet50');
    const { kept, reasons } = prune(space, { rule: 'RANDOM', ratio: 0.9, seed: 1 }, {});
    positionsOf(space).forEach(({ kind, choices }, at) => {
      if (kind !== 'width') return;
      expect(kept[at]).toHaveLength(choices.length);
      expect(reasons[at]?.[0]).toBe('stays: not for rules to remove');
    });
  });
  it('refuses what constraints leave no network of', () => {
    const space = toySpace(
      [4],
      [{ when: { position: 1, choices: [0] }, then: { position: 2, choices: [1] } }],
    );
    const kept = keepAll(space).map((choices, at) => (at === 1 || at === 2 ? [0] : choices));
    expect(() => prune(space, { rule: 'MANUAL', kept }, {})).toThrow(/makes no network/);
  });
});

describe('the scope of params/latency', () => {
  const tables = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    ratio: fc.constantFrom(0, 0.3, 0.5, 0.7, 0.9),
  });
  const inputs = (seed: number): { params: number[][]; latency: number[][] } => {
    const random = createRandom(seed);
    return {
      params: perChoice(fashionMobile, (layer) => (1 + random.int(6)) * 4 ** layer),
      latency: perChoice(fashionMobile, () => 1 + random.int(4)),
    };
  };

  it('SHARED keeps the same blocks in every layer: those of the least mean place', () => {
    fc.assert(
      fc.property(tables, ({ seed, ratio }) => {
        const { params, latency } = inputs(seed);
        const layer = pruneByEfficiency(fashionMobile, params, latency, ratio);
        const { kept } = pruneByEfficiency(fashionMobile, params, latency, ratio, 'SHARED');
        const total = (table: number[][], i: number): number =>
          table.reduce((sum, row) => sum + (row[i] ?? NaN), 0);
        const places = Array.from({ length: 27 }, (_, i) => ({
          i,
          place: layer.order.reduce((sum, row) => sum + row.indexOf(i), 0),
        }));
        places.sort(
          (a, b) =>
            a.place - b.place ||
            total(params, b.i) - total(params, a.i) ||
            total(latency, a.i) - total(latency, b.i) ||
            a.i - b.i,
        );
        const expected = places
          .slice(0, keptCount(27, ratio))
          .map(({ i }) => i)
          .sort((a, b) => a - b);
        expect(kept).toEqual([expected, expected, expected]);
      }),
      { seed: 11, numRuns: 60 },
    );
  });
  it('SHARED is refused where layers have different blocks, and names one', () => {
    const space = toySpace([4]);
    const table = perChoice(space, () => 1);
    expect(() => pruneByEfficiency(space, table, table, 0.5, 'SHARED')).toThrow(
      /SHARED needs the same blocks/,
    );
    const ofa = family('ofa-mbv3-w12');
    const one = perChoice(ofa, (_, i) => i + 1);
    const { kept } = pruneByEfficiency(
      ofa,
      one,
      perChoice(ofa, () => 1),
      0.7,
      'SHARED',
    );
    expect([kept[0], kept[3]]).toEqual([
      [6, 7, 8],
      [6, 7, 8, 9],
    ]); // the last leaves the layer out
  });
  it('GLOBAL keeps the best pairs of all layers, at least one a layer', () => {
    fc.assert(
      fc.property(tables, ({ seed, ratio }) => {
        const { params, latency } = inputs(seed);
        const { kept, scores } = pruneByEfficiency(fashionMobile, params, latency, ratio, 'GLOBAL');
        const count = kept.flat().length;
        expect(count).toBe(keptCount(81, ratio));
        const worstStaying = kept.map((row, at) => Math.min(...row.map((i) => scores[at]?.[i] ?? NaN)));
        kept.forEach((row, at) => {
          const gone = (scores[at] ?? []).filter((_, i) => !row.includes(i));
          // No removed pair is better than one that stays, unless that is the only one of its layer.
          worstStaying.forEach((worst, other) => {
            if ((kept[other]?.length ?? 0) > 1)
              expect(Math.max(...gone, -Infinity)).toBeLessThanOrEqual(worst);
          });
        });
      }),
      { seed: 12, numRuns: 60 },
    );
  });
  it('GLOBAL empties early layers but for one choice where parameters grow with depth (algorithms.md §3.2)', () => {
    const params = perChoice(fashionMobile, (layer, i) => (i + 1) * 16 ** layer);
    const { kept } = pruneByEfficiency(
      fashionMobile,
      params,
      perChoice(fashionMobile, () => 1),
      0.7,
      'GLOBAL',
    );
    expect(kept.map(({ length }) => length)).toEqual([1, 1, 23]);
  });
  it('ties go to more parameters, then to the lower latency, then to the earlier layer and choice', () => {
    // All have the same efficiency; the third layer's first choice the most parameters.
    const params = perChoice(fashionMobile, (layer, i) => (layer === 2 && i === 0 ? 4 : i < 2 ? 2 : 1));
    const { kept, order } = pruneByEfficiency(fashionMobile, params, params, 0.95, 'GLOBAL');
    expect(order[2]?.slice(0, 3)).toEqual([0, 1, 2]);
    // Five pairs: the best of each layer, then the first ones of equals.
    expect(kept).toEqual([[0, 1], [0, 1], [0]]);
  });
});

describe('combinations', () => {
  const evidence = evidenceOf(fashionMobile, 2);
  const parts: readonly RuleSettings[] = [
    { rule: 'EFFICIENCY', ratio: 0.5 },
    { rule: 'BLOCK_EFFECT', ratio: 0.5 },
  ];
  it('are intersection and union of sets', () => {
    const [a, b] = parts.map((part) => prune(fashionMobile, part, evidence).kept);
    const both = prune(fashionMobile, { rule: 'INTERSECTION', of: parts }, evidence);
    const any = prune(fashionMobile, { rule: 'UNION', of: parts }, evidence);
    positionsOf(fashionMobile).forEach((_, at) => {
      expect(any.kept[at]).toEqual(
        [...new Set([...(a?.[at] ?? []), ...(b?.[at] ?? [])])].sort((x, y) => x - y),
      );
      const shared = (a?.[at] ?? []).filter((i) => b?.[at]?.includes(i) === true);
      if (shared.length > 0) expect(both.kept[at]).toEqual(shared);
    });
    expect(any.reasons.flat()).toContain('stays: kept by block effect 50 %');
  });
  it('of one rule are that rule, and may be nested', () => {
    const [part] = parts;
    if (part === undefined) throw new Error('no parts');
    const { kept } = prune(fashionMobile, part, evidence);
    for (const rule of ['INTERSECTION', 'UNION'] as const) {
      expect(prune(fashionMobile, { rule, of: [part] }, evidence).kept).toEqual(kept);
      expect(
        prune(fashionMobile, { rule, of: [{ rule: 'UNION', of: [part, part] }] }, evidence).kept,
      ).toEqual(kept);
    }
  });
  it('keep the best ranked where rules agree on nothing, and say where', () => {
    const atSecond = (...choices: number[]): RuleSettings => ({
      rule: 'MANUAL',
      kept: keepAll(fashionMobile).map((all, at) => (at === 1 ? choices : all)),
    });
    const { kept, explanation, reasons } = prune(
      fashionMobile,
      { rule: 'INTERSECTION', of: [atSecond(3), atSecond(4), atSecond(4, 7)] },
      {},
    );
    expect(kept.map(({ length }) => length)).toEqual([27, 1, 27]);
    expect(kept[1]).toEqual([4]);
    expect(explanation).toMatch(/agree on nothing at stage2/);
    expect(reasons[1]?.[4]).toMatch(/^stays: the rules agree on nothing/);
  });
  it('need a rule', () => {
    expect(() => prune(fashionMobile, { rule: 'UNION', of: [] }, {})).toThrow(/at least one rule/);
  });
});

describe('MANUAL', () => {
  it('keeps what is told and names a layer that would be empty', () => {
    const kept = [[2, 0], [1], [26]];
    expect(prune(fashionMobile, { rule: 'MANUAL', kept }, {}).kept).toEqual([[0, 2], [1], [26]]);
    expect(() => prune(fashionMobile, { rule: 'MANUAL', kept: [[0], [], [1]] }, {})).toThrow(
      expect.objectContaining({
        code: 'PRUNING_EMPTY_LAYER',
        message: expect.stringMatching(/stage2/) as string,
      }) as Error,
    );
  });
});

describe('what a frontier loses', () => {
  const space = fashionMobile;
  const { evaluated = [] } = evidenceOf(space, 5);
  const front = nonDominated(evaluated.map(({ error, latencyMs }) => [error, latencyMs])).flatMap(
    (i) => evaluated[i] ?? [],
  );

  it('nothing when all is kept', () => {
    expect(lostFront(front, keepAll(space), evaluated)).toEqual({
      points: 0,
      of: front.length,
      igdPlus: 0,
      hypervolumeRatio: 1,
    });
  });
  it('counts what is not kept, and measures what takes its place', () => {
    const { kept } = prune(space, { rule: 'RANDOM', ratio: 0.5, seed: 3 }, {});
    const { points, igdPlus, hypervolumeRatio } = lostFront(front, kept, evaluated);
    expect(points).toBe(front.filter(({ encoding }) => !isKept(kept, encoding)).length);
    expect(points).toBeGreaterThan(0);
    expect(igdPlus).toBeGreaterThan(0);
    expect(hypervolumeRatio).toBeLessThan(1);
    expect(lostFront(front, kept)).toMatchObject({ points, igdPlus: null, hypervolumeRatio: null });
  });
  it('is all of it when no network seen is kept; of nothing, nothing', () => {
    const kept = [[0], [0], [0]];
    const others = evaluated.filter(({ encoding }) => !isKept(kept, encoding));
    const rest = front.filter(({ encoding }) => !isKept(kept, encoding));
    expect(lostFront(rest, kept, others)).toEqual({
      points: rest.length,
      of: rest.length,
      igdPlus: null,
      hypervolumeRatio: 0,
    });
    expect(lostFront([], kept, [])).toEqual({ points: 0, of: 0, igdPlus: null, hypervolumeRatio: null });
  });
});
