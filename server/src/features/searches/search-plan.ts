import { SearchError } from '@espalier/nas/search';
import type { StartSearchInput } from '../../graphql/generated/resolvers.js';
import { uuidOf } from '../../graphql/node-ids.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import { SpaceVersionEntity, type SpaceVersionRow } from '../spaces/entities.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { SearchRunEntity, type SearchRunRow } from './entities.js';
import { rootOf } from './evaluator.js';
import { checkedLimits } from './limits.js';
import type { RunSubjects } from './run-subjects.js';
import type { SamplerEntry } from './samplers/entry.js';
import { SAMPLERS } from './samplers/registry.js';
import { settingsInEffect, type SettingValues } from './samplers/setting.js';
import { MOST_WARM_EVALUATIONS } from './warm-start.js';

/** What a search is to do, as its runs keep it. */
type SearchPlan = Pick<
  SearchRunRow,
  | 'budget'
  | 'priorEvaluations'
  | 'settings'
  | 'limits'
  | 'warmStartRunId'
  | 'warmStartEvaluations'
  | 'predictedFront'
>;

type Asked = Required<Pick<StartSearchInput, 'sampler' | 'budget'>> &
  Pick<StartSearchInput, 'settings' | 'limits' | 'warmStart'>;

/** What was asked for with what follows from it. BAD_INPUT for what the sampler cannot have or do in this space. */
export async function searchPlan(
  tx: Transaction,
  teamId: TeamId,
  asked: Asked,
  subjects: RunSubjects,
): Promise<SearchPlan> {
  const { version, source } = subjects;
  const sampler = SAMPLERS[asked.sampler];
  const prior = version.pruning?.evaluationCount ?? 0;
  if (prior >= asked.budget)
    throw badInput(
      'input.budget',
      `Pruning has spent ${prior} evaluations already; the budget must exceed that.`,
    );
  if (prior > 0 && version.pruning?.accuracySourceId !== source.id)
    throw badInput(
      'input.accuracySourceId',
      'The space was pruned by the evaluations of another accuracy source.',
    );
  const given = Object.entries(asked.settings ?? {}).filter(([, value]) => value != null);
  const settings = settingsInEffect(asked.sampler, sampler.settings, {
    ...sampler.suggestedBy?.(version),
    ...Object.fromEntries(given),
  });
  const limits = checkedLimits(asked.limits);
  const warmStart = await warmStartOf(tx, teamId, asked, subjects);
  const planned = { version, budget: asked.budget, prior, warm: warmStart.warmStartEvaluations };
  const budget = sampler.budgetOf?.(planned) ?? asked.budget;
  checkInSpace(sampler, settings, version);
  return {
    budget,
    priorEvaluations: prior,
    settings,
    limits,
    ...warmStart,
    predictedFront: predictsFront(asked, prior + planned.warm, prior > 0),
  };
}

type WarmStart = Pick<SearchPlan, 'warmStartRunId' | 'warmStartEvaluations'>;

/** The team's own run over the same space, accuracies and latencies, as it stands: what follows in it is not waited for. */
async function warmStartOf(
  tx: Transaction,
  teamId: TeamId,
  { sampler, warmStart }: Asked,
  { version, profile, source }: RunSubjects,
): Promise<WarmStart> {
  if (warmStart?.searchRunId == null) return { warmStartRunId: null, warmStartEvaluations: 0 };
  const field = 'input.warmStart.searchRunId';
  if (!SAMPLERS[sampler].learns)
    throw badInput(field, `${sampler} learns nothing from other evaluations: it takes no warm start.`);
  const id = uuidOf('SearchRun', warmStart.searchRunId, field);
  const earlier = await tx.getRepository(SearchRunEntity).findOneBy({ id, teamId });
  if (!earlier) throw notFound('SearchRun');
  const searched = await tx.getRepository(SpaceVersionEntity).findOneBy({ id: earlier.spaceVersionId });
  if (!searched || rootOf(searched) !== rootOf(version))
    throw badInput(field, 'The earlier run is of another space.');
  if (earlier.deviceProfileId !== profile.id)
    throw badInput(field, 'The earlier run uses another device profile.');
  if (earlier.accuracySourceId !== source.id)
    throw badInput(field, 'The earlier run uses another accuracy source.');
  const { evaluations } = earlier;
  if (evaluations === 0)
    throw new EspalierError('CONFLICT', 'The earlier run has not evaluated anything yet.', { field });
  if (evaluations > MOST_WARM_EVALUATIONS)
    throw badInput(
      field,
      `The earlier run has ${evaluations} evaluations; a warm start takes at most ${MOST_WARM_EVALUATIONS}.`,
    );
  return { warmStartRunId: id, warmStartEvaluations: evaluations };
}

/** Where pruning's evaluations tell effects, a sampler that can begins with the front that they predict. */
function predictsFront(
  { sampler, warmStart }: Asked,
  known: number,
  wasPrunedByEvaluations: boolean,
): boolean {
  const { takesFirst } = SAMPLERS[sampler];
  const asked = warmStart?.predictedFront ?? null;
  if (asked === true && !takesFirst)
    throw badInput('input.warmStart.predictedFront', `${sampler} cannot begin with a predicted front.`);
  if (asked === true && known === 0)
    throw badInput(
      'input.warmStart.predictedFront',
      'Nothing was evaluated to predict a front from: begin with an earlier run, or search a version pruned by BLOCK_EFFECT.',
    );
  return takesFirst && (asked ?? wasPrunedByEvaluations);
}

/** Builds the sampler once for what only the space tells, such as how many probabilities there have to be. */
function checkInSpace(sampler: SamplerEntry, settings: SettingValues, version: SpaceVersionRow): void {
  if (!sampler.takesFirst) return;
  try {
    sampler.begin({
      ...parsedSpace(version),
      settings,
      seed: 0,
      limits: [],
      known: [],
      first: [],
      latencyOf: () => NaN,
      blockLatencyMs: [],
      ratio: 0,
    });
  } catch (error) {
    if (error instanceof SearchError) throw badInput('input.settings', error.message);
    throw error;
  }
}
