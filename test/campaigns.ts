import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  TestBelongingsDocument,
  TestCampaignDocument,
  TestImportProfileDocument,
  TestMeasurementsDocument,
  TestSearchDocument,
  TestSearchResultDocument,
  TestSpaceDocument,
  TestStartProfileDocument,
  TestStartSearchDocument,
  type TestCampaignQuery,
  type TestMeasurementsQuery,
  type TestSearchQuery,
  type TestSearchResultQuery,
} from './graphql/generated/documents.js';
import type { TestSystem } from './system.js';

type Having<T, K extends string> = Extract<T, Record<K, unknown>>;
export type Campaign = Having<TestCampaignQuery['node'], 'measurementCount'>;
export type Measurement = Having<
  TestMeasurementsQuery['node'],
  'measurements'
>['measurements']['nodes'][number];
export type Search = Having<TestSearchQuery['node'], 'budget'>;
export type SearchResult = Having<TestSearchResultQuery['node'], 'trialColumns'>;

const POLL_MS = 100;

/** What the demo team has for a space: its version, its accuracy table and its pool. */
export async function belongings(
  { client }: TestSystem,
  name: string,
): Promise<{
  spaceVersionId: string;
  accuracySourceId: string;
  taskId: string;
  poolId: string;
  choices: number[];
}> {
  const { viewer, accuracySources, pools } = await client.send(TestBelongingsDocument, {});
  const { searchSpace } = await client.send(TestSpaceDocument, { team: viewer.team?.slug ?? '', name });
  const version = searchSpace?.currentVersion;
  const source = accuracySources.nodes.find((each) => each.spaceVersion.id === version?.id);
  const pool = pools.nodes[0];
  if (!version || !source || !pool) throw new Error(`The seed gave no space ${name}, table or pool.`);
  const layers = version.stages.flatMap((stage) => stage.layers);
  return {
    spaceVersionId: version.id,
    accuracySourceId: source.id,
    taskId: source.task.id,
    poolId: pool.id,
    choices: layers.map((layer) => layer.choices.length),
  };
}

/** A profile for tests of what searches do, which any latencies will do for. */
export async function importedProfile(
  { client }: TestSystem,
  { spaceVersionId, choices }: { spaceVersionId: string; choices: readonly number[] },
): Promise<string> {
  const rows = choices.flatMap((count, position) =>
    Array.from({ length: count }, (_, choice) => `${position},${choice},${1 + choice / 10}`),
  );
  const { importProfile } = await client.send(TestImportProfileDocument, {
    input: {
      idempotencyKey: randomUUID(),
      spaceVersionId,
      format: 'CSV',
      content: ['position,choice,latency_ms', 'fixed,,0.5', ...rows].join('\n'),
      source: 'made up by this test',
      target: {
        processor: 'a processor of this test',
        runtime: 'none',
        provider: 'cpu',
        precision: 'fp32',
        threads: 1,
        batch: 1,
      },
    },
  });
  return importProfile.deviceProfile.id;
}

/** What is tested here is what happens to a campaign, not how well its table predicts networks. */
const FEW_NETWORKS = { fitNetworks: 4, heldOutNetworks: 4 };

export async function startCampaign(
  { client }: TestSystem,
  { spaceVersionId, poolId }: { spaceVersionId: string; poolId: string },
): Promise<string> {
  const { startProfile } = await client.send(TestStartProfileDocument, {
    input: { spaceVersionId, poolId, idempotencyKey: randomUUID(), options: FEW_NETWORKS },
  });
  return startProfile.profileRun.id;
}

/** Waits until `holds`; throws when the campaign ends before, or the time is up. */
export async function campaignUntil(
  { client }: TestSystem,
  id: string,
  holds: (campaign: Campaign) => boolean,
  timeoutMs = 240_000,
): Promise<Campaign> {
  for (const end = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
    const { node } = await client.send(TestCampaignDocument, { id });
    if (!node || !('measurementCount' in node)) throw new Error(`Campaign ${id} is gone.`);
    if (holds(node)) return node;
    if (ENDED.has(node.status) || Date.now() > end)
      throw new Error(
        `Campaign ${id} is ${node.status}, ${node.doneCount} done: ${node.error ?? 'no error'}`,
      );
  }
}

export async function measurementsOf({ client }: TestSystem, id: string): Promise<Measurement[]> {
  const all: Measurement[] = [];
  for (let after: string | null = null; ;) {
    const { node }: TestMeasurementsQuery = await client.send(TestMeasurementsDocument, { id, after });
    if (!node || !('measurements' in node)) throw new Error(`Campaign ${id} is gone.`);
    all.push(...node.measurements.nodes);
    if (!node.measurements.pageInfo.hasNextPage) return all;
    after = node.measurements.pageInfo.endCursor;
  }
}

export async function startSearch(
  { client }: TestSystem,
  input: {
    spaceVersionId: string;
    accuracySourceId: string;
    deviceProfileId: string;
    budget: number;
    seeds: number[];
  },
): Promise<string> {
  const { startSearch: started } = await client.send(TestStartSearchDocument, {
    input: { ...input, idempotencyKey: randomUUID() },
  });
  const run = started.searchRuns[0];
  if (!run) throw new Error('No search was started.');
  return run.id;
}

/** Waits until `holds`; throws when the search ends before, or the time is up. */
export async function searchUntil(
  { client }: TestSystem,
  id: string,
  holds: (search: Search) => boolean,
  timeoutMs = 120_000,
): Promise<Search> {
  for (const end = Date.now() + timeoutMs; ; await sleep(POLL_MS)) {
    const { node } = await client.send(TestSearchDocument, { id });
    if (!node || !('budget' in node)) throw new Error(`Search ${id} is gone.`);
    if (holds(node)) return node;
    if (ENDED.has(node.status) || Date.now() > end)
      throw new Error(`Search ${id} is ${node.status} at ${node.evaluations}: ${node.error ?? 'no error'}`);
  }
}

export async function searchResult({ client }: TestSystem, id: string): Promise<SearchResult> {
  const { node } = await client.send(TestSearchResultDocument, { id });
  if (!node || !('trialColumns' in node)) throw new Error(`Search ${id} is gone.`);
  return node;
}

const ENDED = new Set<string>(['SUCCEEDED', 'FAILED', 'STOPPED']);
