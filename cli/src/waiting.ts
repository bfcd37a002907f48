import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@espalier/client';
import {
  ProfileRunDocument,
  SearchRunsDocument,
  type ProfileRunQuery,
} from '../graphql/generated/documents.js';

type Node = NonNullable<ProfileRunQuery['node']>;
export type EndedProfileRun = Node extends infer N
  ? N extends { id: string }
    ? string extends keyof N
      ? never
      : N
    : never
  : never;

/** Tells what a demo is doing: one line a change. */
export type Progress = (step: string, done?: number, total?: number) => void;

/**
 * The idempotency key of a step: always the same for the same step, so that a demo that was interrupted goes on where it
 * was by doing everything again.
 */
export function keyOf(...step: readonly (string | number)[]): string {
  const hex = createHash('sha256')
    .update(`espalier demo 1 ${step.join(' ')}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const POLL_MS = 500;

/** Waits for a campaign to end. Throws when it ended without a result. */
export async function profileRunEnd(
  client: Client,
  id: string,
  step: string,
  progress: Progress,
): Promise<EndedProfileRun> {
  for (;;) {
    const { node } = await client.send(ProfileRunDocument, { id });
    if (!isProfileRun(node)) throw new Error(`Campaign ${id} is gone.`);
    progress(step, node.doneCount + node.failedCount, node.measurementCount);
    if (node.status === 'SUCCEEDED') return node;
    if (node.status === 'FAILED' || node.status === 'STOPPED')
      throw new Error(`The campaign ended as ${node.status}: ${node.error ?? 'no reason given'}`);
    await sleep(POLL_MS);
  }
}

/** Waits for searches to end. Throws when one failed. */
export async function searchesEnd(
  client: Client,
  ids: readonly string[],
  step: string,
  progress: Progress,
): Promise<number> {
  for (;;) {
    const pages = Array.from({ length: Math.ceil(ids.length / 100) }, (_, i) =>
      ids.slice(i * 100, i * 100 + 100),
    );
    const nodes = (
      await Promise.all(pages.map((page) => client.send(SearchRunsDocument, { ids: page })))
    ).flatMap((answer) => answer.nodes);
    const runs = nodes.flatMap((node) => (node && 'evaluations' in node ? [node] : []));
    const done = runs.reduce((sum, run) => sum + run.evaluations, 0);
    progress(
      step,
      done,
      runs.reduce((sum, run) => sum + run.budget, 0),
    );
    const failed = runs.find((run) => run.status === 'FAILED' || run.status === 'STOPPED');
    if (failed)
      throw new Error(`Search ${failed.id} ended as ${failed.status}: ${failed.error ?? 'no reason given'}`);
    if (runs.length === ids.length && runs.every((run) => run.status === 'SUCCEEDED')) return done;
    await sleep(POLL_MS);
  }
}

const isProfileRun = (node: ProfileRunQuery['node']): node is EndedProfileRun =>
  node !== null && 'measurementCount' in node;
