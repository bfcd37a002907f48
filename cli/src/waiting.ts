import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@espalier/client';
import {
  ProfileRunDocument,
  SearchRunsDocument,
  type ProfileRunQuery,
  type SearchRunsQuery,
} from './graphql/generated/documents.js';
import { CommandFailure } from './failures.js';

export type ProfileRun = Extract<ProfileRunQuery['node'], { measurementCount: number }>;
export type SearchRun = Extract<SearchRunsQuery['nodes'][number], { evaluations: number }>;

/** Tells what goes on: one line a change. */
export type Progress = (step: string, done?: number, total?: number) => void;

const POLL_MS = 500;

/** Waits for a campaign to end, with or without a result. */
export async function profileRunEnd(
  client: Client,
  id: string,
  step: string,
  progress: Progress,
): Promise<ProfileRun> {
  for (;;) {
    const { node } = await client.send(ProfileRunDocument, { id });
    if (!isProfileRun(node)) throw new CommandFailure('FAILED', `Campaign ${id} not found (NOT_FOUND).`);
    progress(step, node.doneCount + node.failedCount, node.measurementCount);
    if (hasEnded(node)) return node;
    await sleep(POLL_MS);
  }
}

/** Waits for searches to end, with or without a result; at most 100. In the order of the ids. */
export async function searchesEnd(
  client: Client,
  ids: readonly string[],
  step: string,
  progress: Progress,
): Promise<SearchRun[]> {
  for (;;) {
    const { nodes } = await client.send(SearchRunsDocument, { ids: [...ids] });
    const runs = nodes.filter(isSearchRun);
    if (runs.length < ids.length)
      throw new CommandFailure('FAILED', 'One of the searches was not found (NOT_FOUND).');
    const sum = (of: (run: SearchRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
    progress(
      step,
      sum((run) => run.evaluations),
      sum((run) => run.budget),
    );
    if (runs.every(hasEnded)) return runs;
    await sleep(POLL_MS);
  }
}

/** The run, when it succeeded; throws with what it ended in otherwise. */
export function succeeded<T extends { readonly status: string; readonly error: string | null }>(run: T): T {
  if (run.status === 'SUCCEEDED') return run;
  throw new CommandFailure('FAILED', `The run ended as ${run.status}: ${run.error ?? 'no reason given'}`);
}

const hasEnded = ({ status }: { readonly status: string }): boolean =>
  status === 'SUCCEEDED' || status === 'FAILED' || status === 'STOPPED';

/** Another kind of node answers with an object without fields. */
const isProfileRun = (node: ProfileRunQuery['node']): node is ProfileRun =>
  node !== null && 'measurementCount' in node;

const isSearchRun = (node: SearchRunsQuery['nodes'][number]): node is SearchRun =>
  node !== null && 'evaluations' in node;
