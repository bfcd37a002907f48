import type { Client } from '@espalier/client';
import {
  AccuracySourcesDocument,
  CompareSearchesDocument,
  LeaderboardDocument,
  PoolsDocument,
  PublishSearchDocument,
  SpaceDocument,
  type LeaderboardQuery,
} from '../graphql/generated/documents.js';
import { comparisonEnd, type ComparedGroups } from '../comparison-end.js';
import type { ProfileRun, Progress } from '../waiting.js';
import { measureNetworks, profileSpace } from './campaigns.js';
import { searchGroups, type SearchGroup } from './search-groups.js';
import { stepKey } from './step-key.js';
import { TARGET_EVALUATIONS } from './treatments.js';

export interface DemoOptions {
  readonly client: Client;
  readonly team: string;
  /** `fashion-mobile` or `fashion-blox`. */
  readonly space: string;
  readonly progress: Progress;
}

export type DemoResult = Awaited<ReturnType<typeof runDemo>>;

/**
 * The whole path through the API: profile a space on the pool's device, prune it, search every version, compare,
 * publish, and measure the frontier end to end. Doing it again on the same data changes nothing and gives the same.
 */
export async function runDemo({ client, team, space: name, progress }: DemoOptions) {
  const started = performance.now();
  const { rootId, sourceId, poolId } = await belongings(client, team, name);
  const place = { name, poolId, progress };

  const campaign = await profileSpace(client, rootId, place);
  const profile = campaign.deviceProfile;
  if (!profile) throw new Error('The campaign gave no profile.');
  const profileSeconds = secondsSince(started);

  const searchStarted = performance.now();
  const { groups, pruned, evaluations } = await searchGroups(client, {
    name,
    rootId,
    profileId: profile.id,
    sourceId,
    progress,
  });
  const runIds = groups.flatMap((group) => group.searchRunIds);
  const searchSeconds = secondsSince(searchStarted);

  progress('compare');
  const comparison = await compare(client, name, profile.id, groups);

  progress('publish');
  const { leaderboard } = (
    await client.send(PublishSearchDocument, {
      input: {
        idempotencyKey: stepKey(name, 'publish', profile.id, ...runIds),
        searchRunIds: runIds,
        visibility: 'PUBLIC',
      },
    })
  ).publishSearch;
  const unmeasured = (await frontierOf(client, leaderboard.id))
    .filter((entry) => entry.measuredMs === null)
    .map((entry) => entry.encoding);
  if (unmeasured.length > 0)
    await measureNetworks(client, { profileId: profile.id, encodings: unmeasured }, place);
  const measured = await client.send(LeaderboardDocument, { id: leaderboard.id });

  return {
    profile: profileSummary(profile, profileSeconds),
    pruned,
    searches: { runs: runIds.length, evaluations, seconds: searchSeconds },
    frontier: {
      leaderboard: leaderboard.id,
      title: leaderboard.title,
      predictionMape: measured.leaderboard?.predictionMape ?? null,
      entries: (measured.leaderboard?.frontier ?? []).map(
        ({ encoding, accuracy, predictedMs, measuredMs }) => ({
          encoding,
          accuracy,
          predictedMs,
          measuredMs,
        }),
      ),
    },
    comparison: comparisonSummary(comparison),
    seconds: secondsSince(started),
  };
}

/** What the seed gave the team for the space. */
async function belongings(
  client: Client,
  team: string,
  name: string,
): Promise<{ rootId: string; sourceId: string; poolId: string }> {
  const { searchSpace: space } = await client.send(SpaceDocument, { team, name });
  if (!space) throw new Error(`There is no space ${team}/${name}.`);
  const rootId = space.currentVersion.id;
  const { accuracySources } = await client.send(AccuracySourcesDocument, {});
  const source = accuracySources.nodes.find(
    (each) => each.spaceVersion.id === rootId && each.kind === 'TABLE',
  );
  const pool = (await client.send(PoolsDocument, {})).pools.nodes[0];
  if (!source || !pool)
    throw new Error('The demo team has no accuracy table or no pool: run the seed first.');
  return { rootId, sourceId: source.id, poolId: pool.id };
}

async function compare(
  client: Client,
  name: string,
  profileId: string,
  groups: readonly SearchGroup[],
): Promise<ComparedGroups> {
  const { compareSearches } = await client.send(CompareSearchesDocument, {
    input: {
      idempotencyKey: stepKey(name, 'compare', profileId, ...groups.flatMap((group) => group.searchRunIds)),
      name: `${name}: pruned against unpruned`,
      groups: [...groups],
      baseline: 'unpruned',
      targetEvaluations: TARGET_EVALUATIONS,
      visibility: 'PUBLIC',
    },
  });
  return comparisonEnd(client, compareSearches.comparison);
}

type Entry = NonNullable<LeaderboardQuery['leaderboard']>['frontier'][number];

async function frontierOf(client: Client, id: string): Promise<readonly Entry[]> {
  return (await client.send(LeaderboardDocument, { id })).leaderboard?.frontier ?? [];
}

function profileSummary(profile: NonNullable<ProfileRun['deviceProfile']>, seconds: number) {
  const { id, target, fixedMs, latencyMs, estimator, quality } = profile;
  const blocks = latencyMs.reduce((sum, layer) => sum + layer.length, 0);
  return { id, target: target.name, blocks, fixedMs, latencyMs, estimator, quality, seconds };
}

function comparisonSummary(comparison: ComparedGroups) {
  const { id, baseline, targetIgdPlus, targetEvaluations, checkpoints, verdict } = comparison;
  const groups = comparison.groups.map(
    ({ label, spaceSize, evaluationsToTarget, speedup, seedsReachingTarget, gd, igdPlus }) => ({
      label,
      spaceSize,
      evaluationsToTarget,
      speedup,
      seedsReachingTarget,
      gd: gd.median,
      igdPlus: igdPlus.median,
    }),
  );
  return { id, baseline, targetIgdPlus, targetEvaluations, checkpoints, verdict, groups };
}

const secondsSince = (start: number): number => Math.round((performance.now() - start) / 100) / 10;
