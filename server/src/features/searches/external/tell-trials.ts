import { parseEncodingKey } from '@espalier/nas/space';
import { In } from 'typeorm';
import type { RequestContext } from '../../../graphql/context.js';
import type {
  TellOutcome,
  TellTrialsInput,
  ToldTrial,
  TrialResultInput,
} from '../../../graphql/generated/resolvers.js';
import { checkedCount } from '../../../graphql/input-checks.js';
import { fromGlobalId, uuidOf } from '../../../graphql/node-ids.js';
import { authorise } from '../../../platform/authorise.js';
import type { Transaction } from '../../../platform/database/tenancy.js';
import type { Platform } from '../../../platform/platform.js';
import type { SearchRunRow } from '../entities.js';
import { MOST_TRIALS } from './ask-trials.js';
import { AskedTrialEntity, type AskedTrialRow } from './entities.js';
import { failIfHopeless, holdRun, isOpen, progressOf, searchOf } from './held-run.js';

/**
 * Takes what trainers found, each result judged by itself, all that are accepted in one transaction with what the sampler
 * learns of them and the end of the run that they complete. A result whose lease ran out is taken while nobody else has
 * been given the architecture: the work is done, and the fence says that it is done once.
 */
export async function tellTrials(
  platform: Platform,
  ctx: RequestContext,
  { searchRunId, results }: TellTrialsInput,
): Promise<{ results: ToldTrial[]; searchRun: SearchRunRow }> {
  const teamId = authorise(ctx, 'SEARCHES_RUN');
  const runId = uuidOf('SearchRun', searchRunId, 'input.searchRunId');
  checkedCount('input.results', results, 1, MOST_TRIALS);
  const { told, before, after } = await ctx.read(async (tx) => {
    const before = await holdRun(tx, teamId, runId);
    return { ...(await judged(platform, tx, before, results)), before };
  });
  for (const { trialId, outcome } of told)
    if (outcome === 'LEASE_LOST') platform.log.warn({ runId, trialId }, 'late result refused');
  if (before.evaluations !== after.evaluations || before.status !== after.status)
    await platform.events.publish(progressOf(after));
  return { results: told, searchRun: after };
}

async function judged(
  { blobs }: Platform,
  tx: Transaction,
  run: SearchRunRow,
  results: readonly TrialResultInput[],
): Promise<{ told: ToldTrial[]; after: SearchRunRow }> {
  const asked = await askedTrials(tx, run, results);
  const told: ToldTrial[] = [];
  const accepted: Accepted[] = [];
  for (const result of results) {
    const trial = asked.get(result.trialId);
    const verdict = verdictOf(run, trial, result);
    const { outcome } = verdict;
    told.push({ trialId: result.trialId, outcome, message: verdict.message ?? null });
    if (!trial || !verdict.value) continue;
    accepted.push({ trial, value: verdict.value });
    // The same trial again in the same request is judged by what it is now.
    trial.status = 'accuracy' in verdict.value ? 'TOLD' : 'FAILED';
  }
  if (accepted.length === 0) return { told, after: run };
  await settle(tx, accepted);
  const search = await searchOf(blobs, tx, run);
  for (const { trial, value } of accepted)
    if ('accuracy' in value)
      search.learn(parseEncodingKey(search.parsed.space, trial.encoding), value.accuracy);
  const stored = await search.store();
  const failed = accepted.some(({ value }) => 'failure' in value);
  return { told, after: failed && isOpen(stored) ? await failIfHopeless(tx, stored) : stored };
}

type Value = { readonly accuracy: number } | { readonly failure: string };

interface Accepted {
  readonly trial: AskedTrialRow;
  readonly value: Value;
}

/** `value` is there exactly when the result is accepted. */
interface Verdict {
  readonly outcome: TellOutcome;
  readonly message?: string;
  readonly value?: Value;
}

function verdictOf(run: SearchRunRow, trial: AskedTrialRow | undefined, result: TrialResultInput): Verdict {
  if (!trial) return { outcome: 'NOT_FOUND' };
  if (trial.fence !== result.fence) return { outcome: 'LEASE_LOST' };
  if (trial.status === 'TOLD') return { outcome: 'ALREADY_TOLD' };
  // Told as failed before, or given up while its trainer was at work.
  if (trial.status !== 'LEASED')
    return { outcome: trial.status === 'FAILED' && result.failed != null ? 'ALREADY_TOLD' : 'LEASE_LOST' };
  if (!isOpen(run)) return { outcome: 'RUN_ENDED' };
  const { accuracy, failed } = result;
  if ((accuracy == null) === (failed == null))
    return badResult('Expected exactly one of accuracy and failed.');
  if (failed != null) return { outcome: 'ACCEPTED', value: { failure: oneLine(failed) } };
  if (accuracy == null || !(accuracy >= 0 && accuracy <= 100))
    return badResult(`accuracy is ${accuracy}; expected a number from 0 to 100.`);
  return { outcome: 'ACCEPTED', value: { accuracy } };
}

const badResult = (message: string): Verdict => ({ outcome: 'BAD_INPUT', message });

/** A reason may be a whole traceback: its words are kept, as far as there is room. */
const oneLine = (reason: string): string =>
  reason
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500) || 'No reason given.';

/** The run's trials that the results name, by the id as it was given. */
async function askedTrials(
  tx: Transaction,
  run: SearchRunRow,
  results: readonly TrialResultInput[],
): Promise<Map<string, AskedTrialRow>> {
  const ids = new Map<string, string>();
  for (const { trialId } of results) {
    const parsed = fromGlobalId(trialId);
    if (parsed?.type === 'AskedTrial') ids.set(parsed.uuid, trialId);
  }
  const rows = await tx
    .getRepository(AskedTrialEntity)
    .findBy({ searchRunId: run.id, id: In([...ids.keys()]) });
  return new Map(rows.map((row) => [ids.get(row.id) ?? '', row]));
}

async function settle(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  await tx.query(
    `update asked_trials t set accuracy = told.accuracy, failure = told.failure, settled_at = clock_timestamp(),
       lease_expires_at = null, status = case when told.failure is null then 'TOLD' else 'FAILED' end::asked_trial_status
     from unnest($1::uuid[], $2::float8[], $3::text[]) as told (id, accuracy, failure) where t.id = told.id`,
    [
      accepted.map(({ trial }) => trial.id),
      accepted.map(({ value }) => ('accuracy' in value ? value.accuracy : null)),
      accepted.map(({ value }) => ('failure' in value ? value.failure : null)),
    ],
  );
}
