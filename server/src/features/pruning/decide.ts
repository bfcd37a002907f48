import { blockCosts } from '@espalier/nas/graph';
import {
  placementEffects,
  pruneAtRandom,
  pruneByBlockEffect,
  pruneByEfficiency,
  pruneManually,
  PruningError,
  shrunkenEffects,
  type PruningRule as Decision,
} from '@espalier/nas/prune';
import {
  encodingKey,
  keptSize,
  positionsOf,
  parseKept,
  sampleEncoding,
  spaceSize,
  SpaceError,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import type { PruningInput } from '../../graphql/generated/resolvers.js';
import type { RequestContext } from '../../graphql/context.js';
import { checkedInteger, checkedSeed } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { authorise } from '../../platform/authorise.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { Answers, AnswersOf } from '../accuracy/index.js';
import { defaultProfile } from '../profiles/index.js';
import type { AccuracySourceRow } from '../accuracy/entities.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import { manualPruning, type PruningRecord } from './pruning-record.js';
import { buildableSpace } from '../spaces/index.js';

/** What a rule decided for a version, before anything is stored. */
export interface Decided {
  readonly version: SpaceVersionRow;
  readonly space: SearchSpace;
  readonly kept: KeptChoices;
  readonly record: PruningRecord;
  /** Networks evaluated to learn the effects, in the order drawn. */
  readonly evaluations: readonly { readonly encoding: Encoding; readonly accuracy: number }[];
}

/** Reads the input, asks the rule, explains. `at` is the path of the input in the request. BAD_INPUT or PRUNING_EMPTY. */
export async function decide(
  { blobs }: Platform,
  ctx: RequestContext,
  answersOf: AnswersOf,
  input: PruningInput,
  at: string,
): Promise<Decided> {
  const version = await ctx.load(
    'SpaceVersion',
    uuidOf('SpaceVersion', input.spaceVersionId, `${at}.spaceVersionId`),
  );
  if (!version) throw notFound('SpaceVersion');
  if (version.parentId) throw badInput(`${at}.spaceVersionId`, 'Pruning starts from an unpruned version.');
  const { space } = await buildableSpace(blobs, version);
  try {
    return { version, space, ...(await ruled(ctx, answersOf, version, space, input, at)) };
  } catch (error) {
    if (error instanceof SpaceError) throw badInput(`${at}.kept`, error.message);
    if (!(error instanceof PruningError)) throw error;
    if (error.code === 'PRUNING_EMPTY_LAYER')
      throw new EspalierError('PRUNING_EMPTY', error.message, { field: `${at}.kept` });
    throw badInput(`${at}.ratio`, error.message);
  }
}

type Ruled = Omit<Decided, 'version' | 'space'>;

async function ruled(
  ctx: RequestContext,
  answersOf: AnswersOf,
  version: SpaceVersionRow,
  space: SearchSpace,
  input: PruningInput,
  at: string,
): Promise<Ruled> {
  const seed = checkedSeed(`${at}.seed`, input.seed ?? 0);
  const nothing = { deviceProfileId: null, accuracySourceId: null, evaluationCount: 0, scores: null };
  switch (input.rule) {
    case 'MANUAL': {
      const kept = keptByHand(space, input.kept, `${at}.kept`);
      return {
        kept,
        evaluations: [],
        record: manualPruning(explain(space, kept, 'Chosen by hand.')),
      };
    }
    case 'RANDOM': {
      const ratio = checkedRatio(input.ratio, at);
      const { kept } = pruneAtRandom(space, ratio, seed);
      return {
        kept,
        evaluations: [],
        record: {
          ...nothing,
          rule: 'RANDOM',
          ratio,
          seed,
          explanation: explain(space, kept, 'Drawn uniformly in each layer: the control.'),
        },
      };
    }
    case 'EFFICIENCY': {
      const ratio = checkedRatio(input.ratio, at);
      const { id, latencyMs } = await latencies(ctx, version, input, at);
      const params = blockCosts(space).map((layer) => layer.map((cost) => cost.params));
      const decision = pruneByEfficiency(space, params, latencyMs, ratio);
      const explanation = explain(
        space,
        decision.kept,
        'Kept per layer: the most parameters per millisecond. Knows nothing of accuracy.',
      );
      return {
        kept: decision.kept,
        evaluations: [],
        record: {
          ...nothing,
          rule: 'EFFICIENCY',
          ratio,
          seed: null,
          deviceProfileId: id,
          scores: decision.scores,
          explanation,
        },
      };
    }
    case 'BLOCK_EFFECT': {
      const ratio = checkedRatio(input.ratio, at);
      const { id, latencyMs } = await latencies(ctx, version, input, at);
      const source = await accuracySource(ctx, version, input, at);
      const count = checkedInteger(`${at}.evaluationCount`, input.evaluationCount ?? 135, 20, 5000);
      const answers = await answersOf(source, space, authorise(ctx, 'SPACES_READ'));
      const evaluations = await evaluated(drawn(space, count, seed, answers), answers);
      if (evaluations.length === 0)
        throw badInput(
          `${at}.accuracySourceId`,
          'The source knows none of the random networks that the effects would be learnt from.',
        );
      const samples = evaluations.map(({ encoding, accuracy }) => ({ encoding, error: 100 - accuracy }));
      // Every choice has to be seen for a plain mean; the shrunken estimate fills what was not seen from its relatives.
      placementEffects(space, samples);
      const { effect } = shrunkenEffects(space, samples);
      const decision = pruneByBlockEffect(space, effect, latencyMs, ratio);
      const explanation = explain(
        space,
        decision.kept,
        `Kept per layer: choices that the fewest others beat in both error effect and latency, effects estimated from ${evaluations.length} random networks.`,
      );
      return {
        kept: decision.kept,
        evaluations,
        record: {
          rule: 'BLOCK_EFFECT',
          ratio,
          seed,
          deviceProfileId: id,
          accuracySourceId: source.id,
          evaluationCount: evaluations.length,
          scores: higherIsBetter(decision),
          explanation,
        },
      };
    }
  }
}

/** Ranks run the other way: a choice that fewer dominate scores higher, as the API's scores do. */
const higherIsBetter = ({ order }: Decision): number[][] =>
  order.map((layer) => {
    const scores = new Array<number>(layer.length).fill(0);
    layer.forEach((choice, place) => {
      scores[choice] = layer.length - place;
    });
    return scores;
  });

function checkedRatio(ratio: number | null | undefined, at: string): number {
  if (ratio == null) throw badInput(`${at}.ratio`, 'This rule needs a ratio.');
  if (!(ratio >= 0 && ratio < 1))
    throw badInput(`${at}.ratio`, `ratio is ${ratio}; expected at least 0 and below 1.`);
  return ratio;
}

function keptByHand(space: SearchSpace, kept: PruningInput['kept'], field: string): KeptChoices {
  if (!kept) throw badInput(field, 'MANUAL needs the kept choices.');
  const layers = positionsOf(space);
  if (kept.length !== layers.length)
    throw badInput(field, `${field} has ${kept.length} lists; the space has ${layers.length} layers.`);
  const empty = kept.findIndex((choices) => choices.length === 0);
  if (empty >= 0)
    throw new EspalierError('PRUNING_EMPTY', `Layer ${empty} would be left without a choice.`, {
      field: `${field}.${empty}`,
    });
  const sorted = parseKept(
    space,
    kept.map((choices) => [...new Set(choices)].sort((a, b) => a - b)),
  );
  return pruneManually(
    space,
    layers.map((layer, i) => layer.choices.flatMap((_, c) => (sorted[i]?.includes(c) ? [] : [c]))),
  ).kept;
}

async function latencies(
  ctx: RequestContext,
  version: SpaceVersionRow,
  input: PruningInput,
  at: string,
): Promise<{ id: string; latencyMs: readonly (readonly number[])[] }> {
  const field = `${at}.deviceProfileId`;
  const { deviceProfileId } = input;
  if (deviceProfileId == null) {
    const usual = await ctx.read((tx) => defaultProfile(tx, { spaceVersionId: version.id }));
    if (!usual) throw badInput(field, 'This rule needs a device profile, and the space has none.');
    return { id: usual.id, latencyMs: usual.latencyTable.layers };
  }
  const profile = await ctx.load('DeviceProfile', uuidOf('DeviceProfile', deviceProfileId, field));
  if (!profile) throw notFound('DeviceProfile');
  if (profile.spaceVersionId !== version.id) throw badInput(field, 'The profile is of another space.');
  return { id: profile.id, latencyMs: profile.latencyTable.layers };
}

async function accuracySource(
  ctx: RequestContext,
  version: SpaceVersionRow,
  input: PruningInput,
  at: string,
): Promise<AccuracySourceRow> {
  const field = `${at}.accuracySourceId`;
  if (input.accuracySourceId == null) throw badInput(field, 'This rule needs an accuracy source.');
  const source = await ctx.load('AccuracySource', uuidOf('AccuracySource', input.accuracySourceId, field));
  if (!source) throw notFound('AccuracySource');
  if (source.spaceVersionId !== version.id) throw badInput(field, 'The accuracy source is of another space.');
  // A request waits for the answer: what workers or trainers evaluate takes minutes to days.
  if (source.kind === 'SUPERNET' || source.kind === 'EXTERNAL')
    throw badInput(field, `Pruning asks a TABLE or a PREDICTOR; ${source.name} is ${source.kind}.`);
  return source;
}

/** So many times as many random networks are looked up in a table that lacks most of them. */
const DRAWS = 50;

/** Distinct uniform networks that the source knows; all of the space when it has no more. */
function drawn(space: SearchSpace, count: number, seed: number, answers: Answers): Encoding[] {
  const random = createRandom(seed);
  const wanted = spaceSize(space) < BigInt(count) ? Number(spaceSize(space)) : count;
  const seen = new Map<string, Encoding>();
  const knows = (encoding: Encoding): boolean =>
    answers.kind === 'COMPUTED' || answers.accuracyOf(encoding) !== null;
  for (let draws = 0; seen.size < wanted && draws < DRAWS * wanted; draws++) {
    const encoding = sampleEncoding(space, random);
    if (knows(encoding)) seen.set(encodingKey(encoding), encoding);
  }
  return [...seen.values()];
}

async function evaluated(
  encodings: readonly Encoding[],
  answers: Answers,
): Promise<{ encoding: Encoding; accuracy: number }[]> {
  const accuracies =
    answers.kind === 'LOOKED_UP'
      ? encodings.map((encoding) => answers.accuracyOf(encoding) ?? NaN)
      : await answers.accuraciesOf(encodings, new AbortController().signal);
  return encodings.map((encoding, i) => ({ encoding, accuracy: accuracies[i] ?? NaN }));
}

const explain = (space: SearchSpace, kept: KeptChoices, why: string): string =>
  `${why} ${kept.map((choices, i) => `${choices.length} of ${positionsOf(space)[i]?.choices.length ?? 0}`).join(', ')} choices a layer stay: ${keptSize(space, kept)} of ${spaceSize(space)} architectures.`;
