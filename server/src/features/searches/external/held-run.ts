import { predictLatency } from '@espalier/nas/profile';
import type { ParsedSpace } from '@espalier/nas/format';
import type { Encoding } from '@espalier/nas/space';
import type { Sampler } from '@espalier/nas/search';
import type { BlobStore } from '../../../platform/blobs/blob-store.js';
import type { TeamId, Transaction } from '../../../platform/database/tenancy.js';
import { EspalierError, notFound } from '../../../platform/errors.js';
import type { ProgressEvent } from '../../../platform/events/event-bus.js';
import { parsedSpace } from '../../spaces/parsed-space.js';
import { architectureOf } from '../architectures.js';
import { SearchRunEntity, type SearchRunRow, type TrialRow } from '../entities.js';
import { limitsOf } from '../limits.js';
import { isWithin } from '../run-limits.js';
import { subjectsOf } from '../run-subjects.js';
import { samplerOf } from '../sampler-of.js';
import { insertTrials } from '../trials.js';
import { accuraciesIn, warmEvaluations } from '../warm-start.js';

/**
 * The team's EXTERNAL run, its row locked until the transaction ends: trainers take turns, and each finds the sampler and
 * the counts as the one before left them. NOT_FOUND for another team's, CONFLICT for a run that workers evaluate.
 */
export async function holdRun(tx: Transaction, teamId: TeamId, runId: string): Promise<SearchRunRow> {
  const held = await tx.query<unknown[]>(
    'select id from search_runs where id = $1 and team_id = $2 for update',
    [runId, teamId],
  );
  if (held.length === 0) throw notFound('SearchRun');
  const run = await tx.getRepository(SearchRunEntity).findOneByOrFail({ id: runId });
  if (!run.external)
    throw new EspalierError('CONFLICT', 'This run’s accuracy source is not EXTERNAL: workers evaluate it.');
  return run;
}

export const isOpen = ({ status }: SearchRunRow): boolean => status === 'QUEUED' || status === 'RUNNING';

export const progressOf = (run: SearchRunRow): ProgressEvent => ({
  runId: run.id,
  status: run.status,
  done: run.evaluations,
  total: run.budget,
});

/** A run's search between two requests: where the sampler stands, and what it has learnt in this request. */
export interface Search {
  readonly parsed: ParsedSpace;
  ask(): Encoding;
  /** What the run that this one begins with found of it; null when it did not evaluate it. */
  accuracyBefore(encoding: Encoding): number | null;
  latencyOf(encoding: Encoding): number;
  /** Evaluations of the run, those learnt in this request included. */
  evaluations(): number;
  /** An evaluation: for the sampler, and the run's next trial. */
  learn(encoding: Encoding, accuracy: number): void;
  /** Stores what was asked and learnt. The run SUCCEEDED once its budget is spent; returns it as it is now. */
  store(): Promise<SearchRunRow>;
}

/** Restores the run's search from its checkpoint. The run must be held. */
export async function searchOf(blobs: BlobStore, tx: Transaction, run: SearchRunRow): Promise<Search> {
  const { version, profile } = await subjectsOf(tx, run);
  const parsed = parsedSpace(version);
  const known = await warmEvaluations(tx, run, parsed.space);
  const limits = await limitsOf(blobs, run.limits, version, profile);
  const [saved] = await tx.query<{ checkpoint: Buffer | null }[]>(
    'select checkpoint from search_runs where id = $1',
    [run.id],
  );
  const ratio = version.pruning?.ratio ?? 0;
  const subject = { run, parsed, profile, known, limits, ratio };
  const sampler: Sampler = samplerOf(subject, saved?.checkpoint ?? null);
  const learnt: TrialRow[] = [];
  const evaluations = (): number => run.evaluations + learnt.length;
  return {
    parsed,
    ask: () => sampler.ask(),
    accuracyBefore: accuraciesIn(known),
    latencyOf: (encoding) => predictLatency(profile.latencyTable, encoding),
    evaluations,
    learn(encoding, accuracy) {
      const latencyMs = predictLatency(profile.latencyTable, encoding);
      sampler.tell({ encoding, error: 100 - accuracy, latencyMs });
      learnt.push({
        ordinal: evaluations() + 1,
        architecture: architectureOf(encoding),
        accuracy,
        latencyMs,
        withinLimits: isWithin(limits, encoding, accuracy, latencyMs),
      });
    },
    async store() {
      await insertTrials(tx, run, learnt);
      await tx.query(
        `update search_runs set checkpoint = $2, evaluations = $3, started_at = coalesce(started_at, now()),
           status = case when $3 >= budget then 'SUCCEEDED' else 'RUNNING' end::run_status,
           ended_at = case when $3 >= budget then now() end
         where id = $1`,
        [run.id, Buffer.from(sampler.save()), evaluations()],
      );
      if (evaluations() >= run.budget) await dropWaiting(tx, run.id);
      return tx.getRepository(SearchRunEntity).findOneByOrFail({ id: run.id });
    },
  };
}

/** What waited to be tried anew is not needed once the budget is spent. */
async function dropWaiting(tx: Transaction, runId: string): Promise<void> {
  await tx.query(
    `update asked_trials set status = 'FAILED' where search_run_id = $1 and status = 'WAITING'`,
    [runId],
  );
}

/** Whoever resumes a run has mended what made architectures fail: they wait for a trainer again. */
export async function tryFailedAnew(tx: Transaction, runId: string): Promise<void> {
  await tx.query(
    `update asked_trials set status = 'WAITING', attempts = 0, settled_at = null
     where search_run_id = $1 and status = 'FAILED'`,
    [runId],
  );
}

/** Ends the run as FAILED: nothing more can come of it until a person has looked. */
export async function failRun(tx: Transaction, runId: string, reason: string): Promise<SearchRunRow> {
  await tx.query(
    `update search_runs set status = 'FAILED', error = $2, ended_at = now(), started_at = coalesce(started_at, now())
     where id = $1`,
    [runId, reason.slice(0, 500)],
  );
  return tx.getRepository(SearchRunEntity).findOneByOrFail({ id: runId });
}

/** Failures in a row after which a run is given up: the trainer is broken rather than the architectures. */
const HOPELESS = 20;

/** Ends the run when the latest results were failures, all of them; returns it as it is now. */
export async function failIfHopeless(tx: Transaction, run: SearchRunRow): Promise<SearchRunRow> {
  const latest = await tx.query<{ status: string; failure: string | null }[]>(
    `select status, failure from asked_trials where search_run_id = $1 and settled_at is not null
     order by settled_at desc, ordinal desc limit $2`,
    [run.id, HOPELESS],
  );
  if (latest.length < HOPELESS || latest.some(({ status }) => status !== 'FAILED')) return run;
  return failRun(
    tx,
    run.id,
    `${HOPELESS} architectures in a row could not be evaluated. The latest: ${latest[0]?.failure ?? ''}`,
  );
}
