import type { Client } from '@espalier/client';
import {
  AccuracySourcesDocument,
  CompareSearchesDocument,
  CreatePrunedSpaceDocument,
  LeaderboardDocument,
  MeasureArchitecturesDocument,
  PoolsDocument,
  PublishSearchDocument,
  SpaceDocument,
  StartProfileDocument,
  StartSearchDocument,
  type PruningRule,
} from '../graphql/generated/documents.js';
import { keyOf, profileRunEnd, searchesEnd, type Progress } from './steps.js';

export interface DemoOptions {
  readonly client: Client;
  readonly team: string;
  /** `fashion-mobile` or `fashion-blox`. */
  readonly space: string;
  readonly progress: Progress;
}

const SEEDS = Array.from({ length: 10 }, (_, i) => i);
const BUDGET = 3000;
const TARGET_EVALUATIONS = 2000;
/** Networks evaluated to learn block effects; they count as evaluations. */
const PRUNING_EVALUATIONS = 135;

/** One treatment of the space: a version a seed, or one for all of them. */
interface Treatment {
  readonly label: string;
  readonly rule: PruningRule;
  readonly ratio: number;
  /** A chance in the rule itself (networks drawn, choices drawn) is drawn anew for each search seed. */
  readonly eachSeed: boolean;
}

const TREATMENTS: readonly Treatment[] = [
  { label: 'block effect 70 %', rule: 'BLOCK_EFFECT', ratio: 0.7, eachSeed: true },
  { label: 'block effect 90 %', rule: 'BLOCK_EFFECT', ratio: 0.9, eachSeed: true },
  { label: 'params/latency 70 %', rule: 'EFFICIENCY', ratio: 0.7, eachSeed: false },
  { label: 'random 70 %', rule: 'RANDOM', ratio: 0.7, eachSeed: true },
];

export type DemoResult = Awaited<ReturnType<typeof runDemo>>;

/**
 * The whole path through the API: profile a space on the pool's device, prune it, search every version, compare,
 * publish, and measure the frontier end to end. Doing it again on the same data changes nothing and gives the same.
 */
export async function runDemo({ client, team, space: name, progress }: DemoOptions) {
  const started = performance.now();
  const { searchSpace: space } = await client.send(SpaceDocument, { team, name });
  if (!space) throw new Error(`There is no space ${team}/${name}.`);
  const root = space.currentVersion;
  const { accuracySources } = await client.send(AccuracySourcesDocument, {});
  const source = accuracySources.nodes.find(
    (each) => each.spaceVersion.id === root.id && each.kind === 'TABLE',
  );
  const pool = (await client.send(PoolsDocument, {})).pools.nodes[0];
  if (!source || !pool)
    throw new Error('The demo team has no accuracy table or no pool: run the seed first.');

  const { startProfile } = await client.send(StartProfileDocument, {
    input: { idempotencyKey: keyOf(name, 'profile'), spaceVersionId: root.id, poolId: pool.id, seed: 0 },
  });
  const campaign = await profileRunEnd(client, startProfile.profileRun.id, 'profile', progress);
  const profile = campaign.deviceProfile;
  if (!profile) throw new Error('The campaign gave no profile.');
  const profileSeconds = secondsSince(started);

  const search = async (
    label: string,
    spaceVersionId: string,
    seeds: readonly number[],
  ): Promise<string[]> => {
    const { startSearch } = await client.send(StartSearchDocument, {
      input: {
        idempotencyKey: keyOf(name, 'search', label, ...seeds),
        spaceVersionId,
        deviceProfileId: profile.id,
        accuracySourceId: source.id,
        budget: BUDGET,
        seeds: [...seeds],
      },
    });
    return startSearch.searchRuns.map((run) => run.id);
  };

  const searchStarted = performance.now();
  const groups = [{ label: 'unpruned', searchRunIds: await search('unpruned', root.id, SEEDS) }];
  const pruned: { label: string; size: string }[] = [];
  for (const [at, treatment] of TREATMENTS.entries()) {
    progress('prune', at, TREATMENTS.length);
    const { label, rule, ratio, eachSeed } = treatment;
    const searchRunIds: string[] = [];
    for (const seed of eachSeed ? SEEDS : [0]) {
      const version = await prune(client, {
        key: keyOf(name, 'prune', label, seed),
        label: eachSeed ? `${label}, draw ${seed}` : label,
        spaceVersionId: root.id,
        rule,
        ratio,
        seed,
        profileId: profile.id,
        sourceId: source.id,
      });
      if (seed === 0) pruned.push({ label, size: version.size });
      searchRunIds.push(...(await search(label, version.id, eachSeed ? [seed] : SEEDS)));
    }
    groups.push({ label, searchRunIds });
  }
  progress('prune', TREATMENTS.length, TREATMENTS.length);
  const runIds = groups.flatMap((group) => group.searchRunIds);
  const evaluations = await searchesEnd(client, runIds, 'search', progress);
  const searchSeconds = secondsSince(searchStarted);

  progress('compare');
  const { comparison } = (
    await client.send(CompareSearchesDocument, {
      input: {
        idempotencyKey: keyOf(name, 'compare'),
        name: `${name}: pruned against unpruned`,
        groups,
        baseline: 'unpruned',
        targetEvaluations: TARGET_EVALUATIONS,
        visibility: 'PUBLIC',
      },
    })
  ).compareSearches;

  progress('publish');
  const { leaderboard } = (
    await client.send(PublishSearchDocument, {
      input: { idempotencyKey: keyOf(name, 'publish'), searchRunIds: runIds, visibility: 'PUBLIC' },
    })
  ).publishSearch;
  const published = await client.send(LeaderboardDocument, { id: leaderboard.id });
  const encodings = (published.leaderboard?.frontier ?? []).map((entry) => entry.encoding);

  const { measureArchitectures } = await client.send(MeasureArchitecturesDocument, {
    input: {
      idempotencyKey: keyOf(name, 'measure'),
      deviceProfileId: profile.id,
      poolId: pool.id,
      encodings,
    },
  });
  await profileRunEnd(client, measureArchitectures.profileRun.id, 'measure frontier', progress);
  const measured = await client.send(LeaderboardDocument, { id: leaderboard.id });

  return {
    profile: {
      id: profile.id,
      target: profile.target.name,
      blocks: profile.latencyMs.reduce((sum, layer) => sum + layer.length, 0),
      fixedMs: profile.fixedMs,
      latencyMs: profile.latencyMs,
      quality: profile.quality,
      seconds: profileSeconds,
    },
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
    comparison: {
      id: comparison.id,
      baseline: comparison.baseline,
      targetIgdPlus: comparison.targetIgdPlus,
      targetEvaluations: comparison.targetEvaluations,
      checkpoints: comparison.checkpoints,
      verdict: comparison.verdict,
      groups: comparison.groups.map(
        ({ label, spaceSize, evaluationsToTarget, speedup, seedsReachingTarget, gd, igdPlus }) => ({
          label,
          spaceSize,
          evaluationsToTarget,
          speedup,
          seedsReachingTarget,
          gd: gd.median,
          igdPlus: igdPlus.median,
        }),
      ),
    },
    seconds: secondsSince(started),
  };
}

interface Prune {
  readonly key: string;
  readonly label: string;
  readonly spaceVersionId: string;
  readonly rule: PruningRule;
  readonly ratio: number;
  readonly seed: number;
  readonly profileId: string;
  readonly sourceId: string;
}

async function prune(
  client: Client,
  { key, label, spaceVersionId, rule, ratio, seed, profileId, sourceId }: Prune,
): Promise<{ id: string; size: string }> {
  const { createPrunedSpace } = await client.send(CreatePrunedSpaceDocument, {
    input: {
      idempotencyKey: key,
      label,
      pruning: {
        spaceVersionId,
        rule,
        ratio,
        seed,
        ...(rule === 'RANDOM' ? {} : { deviceProfileId: profileId }),
        ...(rule === 'BLOCK_EFFECT'
          ? { accuracySourceId: sourceId, evaluationCount: PRUNING_EVALUATIONS }
          : {}),
      },
    },
  });
  return createPrunedSpace.version;
}

const secondsSince = (start: number): number => Math.round((performance.now() - start) / 100) / 10;
