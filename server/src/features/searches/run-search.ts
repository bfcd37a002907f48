import { parseEncoding, type SearchSpace } from '@espalier/nas/space';
import type { Evaluated, Sampler } from '@espalier/nas/search';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { Jobs } from '../../platform/queue/job-queue.js';
import type { AnswersOf } from '../accuracy/index.js';
import { PruningEvaluationEntity } from '../pruning/entities.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { SearchRunEntity, type SearchRunRow, type TrialRow } from './entities.js';
import { evaluatorOf, type Evaluator } from './evaluator.js';
import { buildableIn } from './limits.js';
import { isPermanent } from './permanent.js';
import { learn, lookedUpSlice, trialOf } from './looked-up-slice.js';
import { limitsIn } from './run-limits.js';
import { subjectsOf } from './run-subjects.js';
import { samplerOf } from './sampler-of.js';
import type { Searched, SearchThreads } from './threads/search-threads.js';
import { insertTrials } from './trials.js';
import { warmEvaluations } from './warm-start.js';

const FIRST_SLICE = 500;
const LARGEST_SLICE = 10_000;
/** A slice takes about this long, so that progress shows and a crash costs little, milliseconds. */
const SLICE_MS = 250;

/** A run as an attempt took it. */
interface Prepared {
  readonly run: SearchRunRow;
  readonly prior: readonly TrialRow[];
  /** The state of the sampler now. */
  readonly save: () => Promise<Uint8Array>;
  readonly search: (asked: Asked) => Promise<Searched>;
  /** Lets go of what the search holds. */
  readonly end: () => void;
}

/** A slice that is to be searched: what was evaluated before it, and how many evaluations it should have. */
interface Asked {
  readonly done: number;
  readonly size: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a search to its budget, or goes on with it. Each slice's trials, sampler state and count are one transaction
 * that is refused when another attempt has taken the run or it was stopped; an interrupted run goes on exactly as if it
 * had not been. What fails the same way every time ends the run as FAILED; anything else is thrown, for another attempt.
 */
export async function runSearchJob(
  platform: Platform,
  answersOf: AnswersOf,
  { runId, teamId: team }: Jobs['search'],
  signal: AbortSignal,
  threads: SearchThreads | null = null,
): Promise<void> {
  const teamId = team as TeamId;
  const taken = await platform.inScope({ teamId }, (tx) => take(tx, runId));
  if (!taken) return;
  const { run, checkpoint } = taken;
  try {
    const prepared = await platform.inScope({ teamId }, (tx) =>
      prepare(platform, tx, { answersOf, threads }, run, checkpoint),
    );
    await searchToBudget(platform, prepared, signal);
  } catch (error) {
    // What was stopped among its evaluations goes on from its last slice.
    if (signal.aborted) return;
    if (!isPermanent(error)) throw error;
    platform.log.error({ err: error, runId }, 'search failed');
    await fail(platform, run, error.message);
  }
}

/** Computes a slice while the one before it is being stored; what is stored is always a prefix of the search. */
async function searchToBudget(platform: Platform, prepared: Prepared, signal: AbortSignal): Promise<void> {
  const { run, prior } = prepared;
  let done = run.evaluations;
  let size = FIRST_SLICE;
  let storing = Promise.resolve(true);
  try {
    while (done < run.budget && !signal.aborted) {
      const started = performance.now();
      const { trials, checkpoint } =
        done < run.priorEvaluations
          ? { trials: prior.slice(done), checkpoint: await prepared.save() }
          : await prepared.search({ done, size, signal });
      done += trials.length;
      const slice = { trials, checkpoint, done };
      if (!(await storing)) return;
      storing = storeAndTell(platform, run, slice);
      // A failure shows where it is awaited; meanwhile it must not count as unhandled.
      storing.catch(() => undefined);
      const took = performance.now() - started;
      size = Math.max(100, Math.min(LARGEST_SLICE, Math.round((size * SLICE_MS) / Math.max(took, 1))));
    }
  } finally {
    prepared.end();
    await storing;
  }
}

interface Slice extends Searched {
  /** Evaluations of the run with them. */
  readonly done: number;
}

async function storeAndTell(platform: Platform, run: SearchRunRow, slice: Slice): Promise<boolean> {
  const stored = await platform.inScope({ teamId: run.teamId as TeamId }, (tx) => storeSlice(tx, run, slice));
  if (stored)
    await platform.events.publish({
      runId: run.id,
      status: slice.done >= run.budget ? 'SUCCEEDED' : 'RUNNING',
      done: slice.done,
      total: run.budget,
    });
  return stored;
}

async function fail(platform: Platform, run: SearchRunRow, message: string): Promise<void> {
  const ended = await platform.inScope({ teamId: run.teamId as TeamId }, async (tx) => {
    const [rows] = await tx.query<[{ evaluations: number }[], number]>(
      `update search_runs set status = 'FAILED', error = $3, ended_at = now()
       where id = $1 and attempt = $2 and status = 'RUNNING' returning evaluations`,
      [run.id, run.attempt, message.slice(0, 500)],
    );
    return rows[0];
  });
  if (ended)
    await platform.events.publish({
      runId: run.id,
      status: 'FAILED',
      done: ended.evaluations,
      total: run.budget,
    });
}

interface Taken {
  readonly run: SearchRunRow;
  readonly checkpoint: Buffer | null;
}

/** Makes this the run's only attempt; null when it has ended or was stopped. */
async function take(tx: Transaction, runId: string): Promise<Taken | null> {
  const [rows] = await tx.query<[{ checkpoint: Buffer | null }[], number]>(
    `update search_runs set attempt = attempt + 1, status = 'RUNNING', started_at = coalesce(started_at, now())
     where id = $1 and team_id = app_team() and status in ('QUEUED', 'RUNNING') and not external returning checkpoint`,
    [runId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    run: await tx.getRepository(SearchRunEntity).findOneByOrFail({ id: runId }),
    checkpoint: row.checkpoint,
  };
}

async function prepare(
  { blobs }: Platform,
  tx: Transaction,
  { answersOf, threads }: { answersOf: AnswersOf; threads: SearchThreads | null },
  run: SearchRunRow,
  checkpoint: Buffer | null,
): Promise<Prepared> {
  const { version, profile, source } = await subjectsOf(tx, run);
  const parsed = parsedSpace(version);
  const answers = await answersOf(source, parsed.space, run.teamId as TeamId);
  const buildable = await buildableIn(blobs, run.limits, version);
  const limits = limitsIn(run.limits, profile, buildable);
  const evaluator = evaluatorOf(parsed, profile, limits, answers);
  const prior = run.priorEvaluations > 0 ? await priorTrials(tx, version.id, evaluator) : [];
  if (prior.length !== run.priorEvaluations)
    throw notFound(
      `Of the ${run.priorEvaluations} evaluations spent on pruning ${run.priorEvaluations - prior.length}`,
    );
  const known = [
    ...prior.map((trial) => evaluatedOf(parsed.space, trial)),
    ...(await warmEvaluations(tx, run, parsed.space)),
  ];
  const ratio = version.pruning?.ratio ?? 0;
  if (threads && answers.kind === 'LOOKED_UP' && answers.table) {
    const { latencyTable } = profile;
    const { table } = answers;
    const begun = {
      run,
      document: version.document,
      latencyTable,
      known,
      buildable,
      ratio,
      checkpoint,
      table,
    };
    return { run, prior, ...threads.begin(begun) };
  }
  const sampler = samplerOf({ run, parsed, profile, known, limits, ratio }, checkpoint);
  return {
    run,
    prior,
    save: async () => sampler.save(),
    search: async (asked) => {
      const trials = await searchSlice(run, sampler, evaluator, asked);
      return { trials, checkpoint: sampler.save() };
    },
    end: () => undefined,
  };
}

const evaluatedOf = (space: SearchSpace, { architecture, accuracy, latencyMs }: TrialRow): Evaluated => ({
  encoding: parseEncoding(space, [...architecture]),
  error: 100 - accuracy,
  latencyMs,
});

async function priorTrials(
  tx: Transaction,
  spaceVersionId: string,
  evaluator: Evaluator,
): Promise<TrialRow[]> {
  const rows = await tx
    .getRepository(PruningEvaluationEntity)
    .find({ where: { spaceVersionId }, order: { ordinal: 'ASC' } });
  return rows.map(({ ordinal, encoding, accuracy }) =>
    trialOf(evaluator, parseEncoding(evaluator.parsed.space, encoding), accuracy, ordinal),
  );
}

/** The next trials: `size` of those that are looked up, of those that are computed as many as fit the time of a slice. */
async function searchSlice(
  run: SearchRunRow,
  sampler: Sampler,
  evaluator: Evaluator,
  { done, size, signal }: Asked,
): Promise<TrialRow[]> {
  const { answers } = evaluator;
  if (answers.kind === 'LOOKED_UP')
    return lookedUpSlice(sampler, evaluator, answers.accuracyOf, done, Math.min(size, run.budget - done));
  const trials: TrialRow[] = [];
  const until = performance.now() + SLICE_MS;
  // A slice ends between two batches: where it ends changes nothing about the search.
  do {
    const count = Math.min(answers.batch, run.budget - done - trials.length);
    const encodings = Array.from({ length: count }, () => sampler.ask());
    const accuracies = await answers.accuraciesOf(encodings, signal);
    encodings.forEach((encoding, i) =>
      trials.push(learn(sampler, evaluator, encoding, accuracies[i] ?? NaN, done + trials.length + 1)),
    );
  } while (performance.now() < until && done + trials.length < run.budget && !signal.aborted);
  return trials;
}

/** Stores a slice; false, and nothing stored, when this attempt no longer holds the run. */
async function storeSlice(
  tx: Transaction,
  run: SearchRunRow,
  { trials, checkpoint, done }: Slice,
): Promise<boolean> {
  const [, held] = await tx.query<[unknown[], number]>(
    `update search_runs set evaluations = $3, checkpoint = $4,
       status = case when $5 then 'SUCCEEDED' else status end, ended_at = case when $5 then now() end
     where id = $1 and attempt = $2 and status = 'RUNNING'`,
    [run.id, run.attempt, done, Buffer.from(checkpoint), done >= run.budget],
  );
  if (held === 0) return false;
  await insertTrials(tx, run, trials);
  return true;
}
