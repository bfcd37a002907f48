import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../platform/testing/ask.js';
import { testDatabase, type TestDatabase } from '../../platform/testing/database.js';
import { fashionTeam, type FashionTeam } from '../testing/fashion.js';
import { startRuns } from '../testing/search.js';

let db: TestDatabase;
let own: FashionTeam;
let other: FashionTeam;

beforeAll(async () => {
  db = await testDatabase();
  own = await fashionTeam(db);
  other = await fashionTeam(db);
});
afterAll(() => db.close());

interface Layer {
  readonly kept: number[];
  readonly removed: number[];
  readonly scores: number[] | null;
  readonly reasons: string[];
}
interface Preview {
  readonly layers: Layer[];
  readonly sizeAfter: string;
  readonly ratio: number | null;
  readonly ratioReason: string | null;
  readonly considered: { ratio: number; expectedLoss: number }[];
  readonly evaluationCount: number;
  readonly mutationProbabilities: number[] | null;
  readonly explanation: string;
  readonly lost: {
    points: number | null;
    of: number | null;
    igdPlus: number | null;
    hypervolumeRatio: number | null;
    reference: string;
  };
}

const PREVIEW = `query ($input: PruningInput!) { previewPruning(input: $input) {
  sizeAfter ratio ratioReason evaluationCount mutationProbabilities explanation considered { ratio expectedLoss }
  layers { kept removed scores reasons } lost { points of igdPlus hypervolumeRatio reference } } }`;
const CREATE = `mutation ($input: CreatePrunedSpaceInput!) { createPrunedSpace(input: $input) { version {
  id label size pruning { rule ratio ratioReason seed evaluationCount scores reasons mutationProbabilities settings explanation
    profile { id } accuracySource { id } } } } }`;
const ADVICE = `query ($version: ID!, $source: ID!, $count: Int!, $profile: ID) {
  pruningAdvice(spaceVersionId: $version, accuracySourceId: $source, evaluationCount: $count, deviceProfileId: $profile) {
    recommended recommendation evaluationCount
    rules { rule scope verdict reason accuracy { value low high } nonDomination { value low high } } } }`;

const inputOf = (more: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  spaceVersionId: own.versionId,
  accuracySourceId: own.sourceId,
  deviceProfileId: own.profileId,
  seed: 11,
  ...more,
});
const asking = (more: Readonly<Record<string, unknown>>, team = own) =>
  ask(db, team.ctx, PREVIEW, { input: inputOf(more) });
async function preview(more: Readonly<Record<string, unknown>>): Promise<Preview> {
  const { data, errors } = await asking(more);
  if (errors) throw new Error(errors[0]?.message);
  return data.previewPruning;
}
async function create(pruning: Readonly<Record<string, unknown>>) {
  const { data, errors } = await ask(db, own.ctx, CREATE, {
    input: { idempotencyKey: randomUUID(), pruning },
  });
  if (errors) throw new Error(errors[0]?.message);
  return data.createPrunedSpace.version;
}

const keptOf = ({ layers }: Preview): number[][] => layers.map(({ kept }) => kept);
const count = (preview: Preview): number => keptOf(preview).flat().length;

/** Every rule that scores, with what it is asked. */
const RULES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['EFFICIENCY', { ratio: 0.7 }],
  ['BLOCK_EFFECT', { ratio: 0.7 }],
  ['EFFECT_OUTLIERS', {}],
  ['BASE_NETWORK_COST', { lambda: 0.01, cells: 24 }],
];

describe('every rule', () => {
  it.each(RULES)('%s says of every choice whether it stays, and why', async (rule, settings) => {
    const { layers, explanation } = await preview({ rule, ...settings });
    expect(explanation).not.toBe('');
    for (const { kept, removed, reasons } of layers) {
      expect([...kept, ...removed].sort((a, b) => a - b)).toEqual([...Array(27).keys()]);
      expect(reasons).toHaveLength(27);
      expect(kept.every((choice) => reasons[choice]?.startsWith('stays'))).toBe(true);
      expect(removed.every((choice) => reasons[choice]?.startsWith('goes'))).toBe(true);
    }
  });

  it.each([RULES[0], RULES[1], RULES[3]] as const)(
    '%s never keeps a choice that scores less than one of its layer that goes',
    async (rule, settings) => {
      const { layers } = await preview({ rule, ...settings });
      for (const { kept, removed, scores } of layers) {
        const least = Math.min(...kept.map((choice) => scores?.[choice] ?? NaN));
        expect(removed.every((choice) => (scores?.[choice] ?? NaN) <= least)).toBe(true);
      }
    },
  );

  it.each(RULES)('%s is stored with what makes it again', async (rule, settings) => {
    const made = await create(inputOf({ rule, ...settings }));
    const { pruning } = made;
    expect(pruning.rule).toBe(rule);
    expect(pruning.reasons.map((layer: string[]) => layer.length)).toEqual([27, 27, 27]);
    expect(pruning.settings).toMatchObject({
      spaceVersionId: own.versionId,
      rule,
      deviceProfileId: own.profileId,
    });
    expect((await create(pruning.settings)).id).toBe(made.id);
  });
});

describe('what rules have of their own', () => {
  it('EFFICIENCY keeps the same blocks everywhere when SHARED, and at least one a layer when GLOBAL', async () => {
    const shared = keptOf(await preview({ rule: 'EFFICIENCY', ratio: 0.7, scope: 'SHARED' }));
    expect(shared[1]).toEqual(shared[0]);
    expect(shared[2]).toEqual(shared[0]);
    const all = await preview({ rule: 'EFFICIENCY', ratio: 0.7, scope: 'GLOBAL' });
    expect(count(all)).toBe(Math.ceil(0.3 * 81));
    expect(keptOf(all).every((layer) => layer.length > 0)).toBe(true);
    const perLayer = await preview({ rule: 'EFFICIENCY', ratio: 0.7 });
    expect(keptOf(all)).not.toEqual(keptOf(perLayer));
  });

  it('BASE_NETWORK_COST evaluates every base network once, and a larger λ keeps faster blocks', async () => {
    const [slow, fast] = await Promise.all(
      [0.0001, 10].map((lambda) => preview({ rule: 'BASE_NETWORK_COST', lambda, cells: 24 })),
    );
    if (!slow || !fast) throw new Error('no previews');
    expect(slow.evaluationCount).toBe(1 + 3 * 26);
    const { data } = await ask(
      db,
      own.ctx,
      `query ($id: ID!) { node(id: $id) { ... on DeviceProfile { latencyMs } } }`,
      {
        id: own.profileId,
      },
    );
    const meanMs = (preview: Preview): number => {
      const all = keptOf(preview).flatMap((layer, at) =>
        layer.map((choice) => data.node.latencyMs[at][choice]),
      );
      return all.reduce((sum, ms) => sum + ms, 0) / all.length;
    };
    expect(meanMs(fast)).toBeLessThan(meanMs(slow));
    expect(slow.explanation).toContain('predicted from blocks');
  });

  it('EFFECT_OUTLIERS tells a search how often to change each unit', async () => {
    const { mutationProbabilities, ratio } = await preview({ rule: 'EFFECT_OUTLIERS' });
    expect(ratio).toBeNull();
    expect(mutationProbabilities?.every((p) => p > 0 && p <= 1)).toBe(true);
  });

  it('what EFFECT_OUTLIERS tells is what RANDOM_MUTATION does, unless it is told otherwise', async () => {
    const { id, pruning } = await create(inputOf({ rule: 'EFFECT_OUTLIERS' }));
    const settingsOf = async (settings: Readonly<Record<string, unknown>> | null) => {
      const [run] = await startRuns(db, own, { spaceVersionId: id, sampler: 'RANDOM_MUTATION', settings });
      const read = `query ($id: ID!) { node(id: $id) { ... on SearchRun { settings { unitProbabilities } } } }`;
      return (await ask(db, own.ctx, read, { id: run })).data.node.settings.unitProbabilities;
    };
    expect(pruning.mutationProbabilities).toHaveLength(3);
    for (const untold of [null, {}, { unitProbabilities: null }])
      expect(await settingsOf(untold)).toEqual(pruning.mutationProbabilities);
    expect(await settingsOf({ unitProbabilities: [1, 0.5, 0.25] })).toEqual([1, 0.5, 0.25]);
  });

  it('INTERSECTION lies within its parts, UNION around them', async () => {
    const of = [
      { rule: 'BLOCK_EFFECT', ratio: 0.5 },
      { rule: 'EFFICIENCY', ratio: 0.3 },
    ];
    const [both, any, ...parts] = await Promise.all([
      preview({ rule: 'INTERSECTION', of }),
      preview({ rule: 'UNION', of }),
      ...of.map(preview),
    ]);
    if (!both || !any) throw new Error('no previews');
    for (const part of parts)
      keptOf(part).forEach((layer, at) => {
        expect(layer).toEqual(expect.arrayContaining(keptOf(both)[at] ?? []));
        expect(keptOf(any)[at]).toEqual(expect.arrayContaining(layer));
      });
    expect(both.evaluationCount).toBe(135);
  });
});

describe('the frontier that pruning loses', () => {
  it('is nothing when all stays, and is measured against the true frontier of the full table', async () => {
    const { lost } = await preview({ rule: 'RANDOM', ratio: 0 });
    expect(lost).toMatchObject({ points: 0, igdPlus: 0, hypervolumeRatio: 1 });
    expect(lost.of).toBeGreaterThan(5);
    expect(lost.reference).toMatch(/^The true frontier: \d+ of 19,683 networks/);
  });

  it('is smaller for block effect than for the control of the same ratio', async () => {
    const informed = (await preview({ rule: 'BLOCK_EFFECT', ratio: 0.7 })).lost;
    const control = (await preview({ rule: 'RANDOM', ratio: 0.7 })).lost;
    expect(informed.igdPlus).toBeLessThan(control.igdPlus ?? 0);
    expect(informed.hypervolumeRatio).toBeGreaterThan(control.hypervolumeRatio ?? 1);
  });

  it('is found without naming a source or a profile, and said to be unknown where there is no table', async () => {
    const named = { accuracySourceId: null, deviceProfileId: null };
    expect((await preview({ rule: 'RANDOM', ratio: 0.5, ...named })).lost.points).not.toBeNull();
    await db.sql('update accuracy_sources set complete = false where team_id = $1', [own.teamId]);
    const { lost } = await preview({ rule: 'RANDOM', ratio: 0.5, ...named });
    await db.sql('update accuracy_sources set complete = true where team_id = $1', [own.teamId]);
    expect(lost).toMatchObject({ points: null, igdPlus: null });
    expect(lost.reference).toContain('is not known');
  });
});

describe('a ratio that is left open', () => {
  it('is chosen from the networks evaluated, with the reason, and stored', async () => {
    const open = { rule: 'BLOCK_EFFECT', seed: 12 };
    const shown = await preview(open);
    expect(shown.ratioReason).not.toBeNull();
    expect(shown.considered.map(({ ratio }) => ratio)).toContain(shown.ratio);
    const { pruning, size } = await create(inputOf(open));
    expect(pruning).toMatchObject({ ratio: shown.ratio, ratioReason: shown.ratioReason });
    expect(size).toBe(shown.sizeAfter);
  });

  it('costs the evaluations it was chosen by, also for a rule that itself needs none', async () => {
    const { evaluationCount } = await preview({ rule: 'EFFICIENCY', evaluationCount: 60 });
    expect(evaluationCount).toBe(60);
  });
});

describe('versions', () => {
  it('tell λ from λ, even where the same choices stay', async () => {
    const cost = { rule: 'BASE_NETWORK_COST', cells: 24 };
    const ids = new Set<string>();
    for (const lambda of [0.01, 0.010001, 0.01]) ids.add((await create(inputOf({ ...cost, lambda }))).id);
    expect(ids.size).toBe(2);
  });

  it('are named after the rule', async () => {
    const { label } = await create(
      inputOf({
        rule: 'UNION',
        of: [{ rule: 'EFFECT_OUTLIERS' }, { rule: 'EFFICIENCY', ratio: 0.7, scope: 'SHARED' }],
      }),
    );
    expect(label).toBe('any of effect outliers + params/latency 70 %, shared, draw 11');
  });

  it('begin every search with what was evaluated for them', async () => {
    const { id } = await create(inputOf({ rule: 'BASE_NETWORK_COST', lambda: 0.5, cells: 30 }));
    const { data, errors } = await ask(
      db,
      own.ctx,
      `mutation ($input: StartSearchInput!) { startSearch(input: $input) { searchRuns { id } } }`,
      {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: id,
          deviceProfileId: own.profileId,
          accuracySourceId: own.sourceId,
          budget: 79,
        },
      },
    );
    expect(data).toBeNull();
    expect(errors?.[0]?.message).toContain('79 evaluations already');
  });
});

describe('advice', () => {
  const advise = (more: Readonly<Record<string, unknown>> = {}, team = own) =>
    ask(db, team.ctx, ADVICE, { version: own.versionId, source: own.sourceId, count: 135, ...more });

  it('holds every rule against a pilot, and does not trust the control', async () => {
    const { data } = await advise();
    const { rules, recommended, recommendation, evaluationCount } = data.pruningAdvice;
    const by = (rule: string) => rules.find((each: { rule: string }) => each.rule === rule);
    expect(evaluationCount).toBeGreaterThanOrEqual(135);
    expect(recommendation).not.toBe('');
    for (const { accuracy, nonDomination, reason } of rules)
      for (const { value, low, high } of [accuracy, nonDomination]) {
        expect(low).toBeLessThanOrEqual(value);
        expect(value).toBeLessThanOrEqual(high);
        expect(reason).not.toBe('');
      }
    expect(by('RANDOM').verdict).not.toBe('TRUST');
    expect(recommended).not.toBe('RANDOM');
    expect(by('BLOCK_EFFECT').nonDomination.value).toBeGreaterThan(by('RANDOM').nonDomination.value);
  });

  it.each([
    ['too few networks', { count: 19 }, 'evaluationCount'],
    ['too many', { count: 5001 }, 'evaluationCount'],
    ['a malformed source', { source: 'x' }, 'accuracySourceId'],
  ])('refuses %s', async (_what, more, field) => {
    const { codes, errors } = await advise(more);
    expect([codes, errors?.[0]?.extensions['field']]).toEqual([['BAD_INPUT'], field]);
  });

  it("does not see another team's space, source or profile", async () => {
    expect((await advise({}, other)).codes).toEqual(['NOT_FOUND']);
    expect((await advise({ source: other.sourceId })).codes).toEqual(['NOT_FOUND']);
    expect((await advise({ profile: other.profileId })).codes).toEqual(['NOT_FOUND']);
  });
});

describe('bad input to rules', () => {
  const part = { rule: 'EFFICIENCY', ratio: 0.5 };
  it.each([
    ['a λ below 0', { rule: 'BASE_NETWORK_COST', lambda: -0.01 }, 'input.lambda'],
    ['no cells', { rule: 'BASE_NETWORK_COST', cells: 0 }, 'input.cells'],
    ['more cells than choices', { rule: 'BASE_NETWORK_COST', cells: 82 }, 'input.cells'],
    ['cells beside a ratio', { rule: 'BASE_NETWORK_COST', cells: 9, ratio: 0.5 }, 'input.cells'],
    ['a depth factor of 0', { rule: 'EFFECT_OUTLIERS', depthFactor: 0 }, 'input.depthFactor'],
    ['no networks', { rule: 'BLOCK_EFFECT', ratio: 0.5, evaluationCount: 0 }, 'input.evaluationCount'],
    ['a seed below 0', { rule: 'RANDOM', ratio: 0.5, seed: -1 }, 'input.seed'],
    ['no source', { rule: 'BASE_NETWORK_COST', cells: 9, accuracySourceId: null }, 'input.accuracySourceId'],
    ['nothing to choose a ratio by', { ...part, ratio: null, accuracySourceId: null }, 'input.ratio'],
    ['a combination of none', { rule: 'UNION' }, 'input.of'],
    ['a combination of one', { rule: 'UNION', of: [part] }, 'input.of'],
    ['a combination of six', { rule: 'INTERSECTION', of: Array(6).fill(part) }, 'input.of'],
    ['one within one', { rule: 'UNION', of: [part, { rule: 'UNION' }] }, 'input.of.1.rule'],
    ['a part out of range', { rule: 'UNION', of: [part, { ...part, ratio: 1.2 }] }, 'input.of.1.ratio'],
    ['a ratio of all parts', { rule: 'UNION', ratio: 0.5, of: [part, part] }, 'input.ratio'],
    ['parts of a simple rule', { ...part, of: [part, part] }, 'input.of'],
    ['a malformed profile', { ...part, deviceProfileId: 'x' }, 'input.deviceProfileId'],
    ['a malformed source', { ...part, accuracySourceId: 'x' }, 'input.accuracySourceId'],
  ])('refuses %s', async (_what, more, field) => {
    const { codes, errors } = await asking(more);
    expect([codes, errors?.[0]?.extensions['field']]).toEqual([['BAD_INPUT'], field]);
  });

  it('refuses parts that the schema does not know, and lists of any length, without harm', async () => {
    const nested = { rule: 'UNION', of: [{ ...part, of: [part] }, part] };
    expect((await asking(nested)).codes).toHaveLength(1);
    const kept = [[...Array(200_000).keys()], [0], [0]];
    expect((await asking({ rule: 'MANUAL', kept })).codes).toEqual(['BAD_INPUT']);
  });

  it("does not see another team's source, and is not seen by visitors", async () => {
    const asked = { rule: 'BLOCK_EFFECT', ratio: 0.5 };
    expect((await asking({ ...asked, accuracySourceId: other.sourceId })).codes).toEqual(['NOT_FOUND']);
    expect((await asking(asked, other)).codes).toEqual(['NOT_FOUND']);
  });
});
