import type { Client } from '@espalier/client';
import {
  CreatePrunedSpaceDocument,
  ResumeSearchDocument,
  StartSearchDocument,
  type StartSearchInput,
} from '../graphql/generated/documents.js';
import { searchesEnd, succeeded, type Progress } from '../waiting.js';
import { stepKey } from './step-key.js';
import { BUDGET, PROGRESSIVE, PRUNING_EVALUATIONS, SEEDS, TREATMENTS, type Treatment } from './treatments.js';

export interface Search {
  /** Name of the space. */
  readonly name: string;
  readonly rootId: string;
  readonly profileId: string;
  readonly sourceId: string;
  readonly progress: Progress;
}

export interface SearchGroup {
  readonly label: string;
  readonly searchRunIds: string[];
}

export interface SearchGroups {
  readonly groups: readonly SearchGroup[];
  readonly pruned: readonly { readonly label: string; readonly versionId: string; readonly size: string }[];
  readonly evaluations: number;
}

/** Searches the whole space and each pruned one, a run a seed, and waits for all of them. */
export async function searchGroups(client: Client, search: Search): Promise<SearchGroups> {
  const { progress } = search;
  const { label: progressive, settings } = PROGRESSIVE;
  const groups = [
    { label: 'unpruned', searchRunIds: await start(client, search, 'unpruned', { version: search.rootId }) },
    {
      label: progressive,
      searchRunIds: await start(client, search, progressive, {
        version: search.rootId,
        sampler: 'PROGRESSIVE_UNPRUNING',
        settings,
      }),
    },
  ];
  const pruned: { label: string; versionId: string; size: string }[] = [];
  for (const [at, treatment] of TREATMENTS.entries()) {
    progress('prune', at, TREATMENTS.length);
    const { label, eachSeed } = treatment;
    const searchRunIds: string[] = [];
    for (const seed of eachSeed ? SEEDS : [0]) {
      const version = await prune(client, search, treatment, seed);
      if (seed === 0) pruned.push({ label, versionId: version.id, size: version.size });
      searchRunIds.push(
        ...(await start(client, search, label, {
          version: version.id,
          seeds: eachSeed ? [seed] : SEEDS,
        })),
      );
    }
    groups.push({ label, searchRunIds });
  }
  progress('prune', TREATMENTS.length, TREATMENTS.length);
  const ids = groups.flatMap((group) => group.searchRunIds);
  return { groups, pruned, evaluations: await evaluated(client, ids, progress) };
}

interface Started extends Pick<StartSearchInput, 'sampler' | 'settings'> {
  readonly version: string;
  readonly seeds?: readonly number[];
}

async function start(
  client: Client,
  { name, profileId, sourceId }: Search,
  label: string,
  { version: spaceVersionId, seeds = SEEDS, ...sampler }: Started,
): Promise<string[]> {
  const { startSearch } = await client.send(StartSearchDocument, {
    input: {
      idempotencyKey: stepKey(name, 'search', profileId, label, ...seeds),
      spaceVersionId,
      deviceProfileId: profileId,
      accuracySourceId: sourceId,
      ...sampler,
      budget: BUDGET,
      seeds: [...seeds],
    },
  });
  return startSearch.searchRuns.map((run) => run.id);
}

async function prune(
  client: Client,
  { name, rootId, profileId, sourceId }: Search,
  { label, rule, ratio, eachSeed }: Treatment,
  seed: number,
): Promise<{ id: string; size: string }> {
  const { createPrunedSpace } = await client.send(CreatePrunedSpaceDocument, {
    input: {
      idempotencyKey: stepKey(name, 'prune', profileId, label, seed),
      label: eachSeed ? `${label}, draw ${seed + 1}` : label,
      pruning: {
        spaceVersionId: rootId,
        rule,
        ratio,
        seed,
        ...(rule !== 'RANDOM' && { deviceProfileId: profileId }),
        ...(rule === 'BLOCK_EFFECT' && { accuracySourceId: sourceId, evaluationCount: PRUNING_EVALUATIONS }),
      },
    },
  });
  return createPrunedSpace.version;
}

/** Waits; a run that someone stopped, or that failed, is resumed once. */
async function evaluated(client: Client, ids: readonly string[], progress: Progress): Promise<number> {
  const ended = await searchesEnd(client, ids, 'search', progress);
  const unfinished = ended.filter((run) => run.status !== 'SUCCEEDED');
  for (const { id } of unfinished) await client.send(ResumeSearchDocument, { input: { searchRunId: id } });
  const runs = unfinished.length > 0 ? await searchesEnd(client, ids, 'search', progress) : ended;
  return runs.reduce((sum, run) => sum + succeeded(run).evaluations, 0);
}
