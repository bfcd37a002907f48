import { emptyBand } from './bands.js';
import type {
  Arrival,
  Band,
  ComparisonGroupResult,
  ComparisonRequest,
  ComparisonResult,
  ComparisonRow,
} from './entities.js';

/** A group as it was stored by any version: the first ones had three indicators, medians only, and one target. */
interface StoredGroup extends Partial<Omit<ComparisonGroupResult, 'gd' | 'igdPlus' | 'hypervolumeRatio'>> {
  readonly label: string;
  readonly runIds: string[];
  readonly spaceSize: string;
  readonly gd: StoredBand;
  readonly igdPlus: StoredBand;
  readonly hypervolumeRatio: StoredBand;
  readonly evaluationsToTarget?: number | null;
  readonly seedsReachingTarget?: number;
  readonly speedup?: number | null;
}

type StoredBand = Pick<Band, 'median' | 'low' | 'high'> & Partial<Band>;

interface StoredResult extends Partial<Omit<ComparisonResult, 'groups'>> {
  readonly groups?: StoredGroup[];
  readonly baseline?: string | null;
  readonly targetEvaluations?: number;
}

/** What a comparison found, in today's shape; while it is not computed, its groups without figures. */
export function resultOf({ result, request }: Pick<ComparisonRow, 'result' | 'request'>): ComparisonResult {
  const stored = (result ?? { groups: request?.groups.map(waiting) ?? [] }) as StoredResult;
  const checkpoints = stored.checkpoints ?? [];
  return {
    groups: (stored.groups ?? []).map((group) => groupOf(group, checkpoints.length)),
    checkpoints,
    reference: stored.reference ?? 'A worker computes the figures and says then what they refer to.',
    referenceFront: stored.referenceFront ?? [],
    range: stored.range ?? null,
    targetIgdPlus: stored.targetIgdPlus ?? null,
    targetGd: stored.targetGd ?? null,
    attainmentEvaluations: stored.attainmentEvaluations ?? null,
    verdict: stored.verdict ?? [],
  };
}

/** What was asked for, also where the first versions kept it beside the figures. */
export function requestOf({
  result,
  request,
}: Pick<ComparisonRow, 'result' | 'request'>): Pick<
  ComparisonRequest,
  'baseline' | 'targetEvaluations' | 'normalisation'
> {
  const stored = (result ?? {}) as StoredResult;
  return (
    request ?? {
      baseline: stored.baseline ?? null,
      targetEvaluations: stored.targetEvaluations ?? 0,
      normalisation: 'REFERENCE_FRONT',
    }
  );
}

function waiting({ label, runIds }: ComparisonRequest['groups'][number]): StoredGroup {
  const nothing = emptyBand(0);
  return { label, runIds, spaceSize: '0', gd: nothing, igdPlus: nothing, hypervolumeRatio: nothing };
}

function groupOf(group: StoredGroup, checkpoints: number): ComparisonGroupResult {
  const nothing = emptyBand(checkpoints);
  return {
    label: group.label,
    runIds: group.runIds,
    rule: group.rule ?? null,
    ratio: group.ratio ?? null,
    samplers: group.samplers ?? [],
    spaceSize: group.spaceSize,
    gd: { ...nothing, ...group.gd },
    gdPlus: group.gdPlus ?? nothing,
    igd: group.igd ?? nothing,
    igdPlus: { ...nothing, ...group.igdPlus },
    hypervolumeRatio: { ...nothing, ...group.hypervolumeRatio },
    epsilon: group.epsilon ?? nothing,
    arrivals: group.arrivals ?? firstArrival(group),
    tests: group.tests ?? [],
    attainment: group.attainment ?? { best: [], median: [], worst: [] },
    frontier: group.frontier ?? [],
  };
}

function firstArrival({ evaluationsToTarget, seedsReachingTarget, speedup }: StoredGroup): Arrival[] {
  if (evaluationsToTarget === undefined) return [];
  return [
    {
      indicator: 'IGD_PLUS',
      evaluations: evaluationsToTarget,
      interval: null,
      seeds: seedsReachingTarget ?? 0,
      speedup: speedup ?? null,
      speedupInterval: null,
    },
  ];
}
