import { nonDominated2d } from '@espalier/nas/pareto';
import {
  additiveLatency,
  CHECKPOINTS,
  convergence,
  evaluationsToTarget,
  type Convergence,
  type TrialObjectives,
} from '@espalier/nas/search';
import { encodingAt, keptSize, parseSpaceDocument, spaceSize, type SearchSpace } from '@espalier/nas/space';
import { median, quantile } from '@espalier/nas/stats';
import type { Band, ComparisonGroupResult, ComparisonResult, FrontierPoint } from './entities.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import type { AccuracyLookup } from './evaluator.js';
import { frontierOf } from './trials.js';
import { verdict } from './verdict.js';

/** What a comparison is computed from. Trials are architectures in order of evaluation, those spent on pruning first. */
export interface ComparisonInput {
  readonly space: SearchSpace;
  readonly blockLatencyMs: readonly (readonly number[])[];
  readonly fixedMs: number;
  readonly accuracyOf: AccuracyLookup;
  /** True when every architecture's accuracy is known, so that the true front is. */
  readonly complete: boolean;
  readonly groups: readonly ComparedGroup[];
  readonly baseline: string | null;
  readonly targetEvaluations: number;
}

export interface ComparedGroup {
  readonly label: string;
  readonly version: SpaceVersionRow;
  readonly runs: readonly { readonly id: string; readonly architectures: readonly number[] }[];
}

interface Point {
  readonly architectureIndex: number;
  readonly accuracy: number;
  readonly latencyMs: number;
}

/** Above this many networks the true front is not enumerated, and the union of all runs is the reference. */
const LARGEST_TABLE = 1_000_000n;

/** Convergence of each group against one reference, and what it means in sentences. */
export function compare(input: ComparisonInput): ComparisonResult {
  const { space, groups, baseline, targetEvaluations } = input;
  const pointOf = evaluation(input);
  const trueFront = input.complete && spaceSize(space) <= LARGEST_TABLE;
  const front = trueFront
    ? tableFront(input)
    : frontierOf(groups.flatMap((g) => g.runs.flatMap((r) => r.architectures.map(pointOf))));
  const reference = front.map((p) => [100 - p.accuracy, p.latencyMs] as const);
  const longest = Math.max(...groups.flatMap((g) => g.runs.map((r) => r.architectures.length)));
  const checkpoints = [...CHECKPOINTS.filter((c) => c < longest), longest];

  const measured = groups.map((group) => {
    const objectives = group.runs.map((run) => objectivesOf(run.architectures.map(pointOf)));
    return {
      group,
      objectives,
      rows: objectives.map((trials) => convergence(trials, reference, checkpoints)),
    };
  });
  const base = measured.find(({ group }) => group.label === baseline);
  const target = base
    ? finiteMedian(
        base.objectives.flatMap((t) =>
          convergence(t, reference, [Math.min(targetEvaluations, t.error.length)]).map(
            (c) => c.invertedGenerationalDistancePlus,
          ),
        ),
      )
    : null;
  const reachedBy = (objectives: readonly TrialObjectives[]): (number | null)[] =>
    target === null ? [] : objectives.map((trials) => evaluationsToTarget(trials, reference, target));
  const baseEvaluations = base ? medianReached(reachedBy(base.objectives)) : null;

  const results = measured.map(({ group, objectives, rows }): ComparisonGroupResult => {
    const reached = reachedBy(objectives);
    const evaluations = medianReached(reached);
    const pruning = group.version.pruning;
    return {
      label: group.label,
      runIds: group.runs.map((r) => r.id),
      rule: pruning?.rule ?? null,
      ratio: pruning?.ratio ?? null,
      spaceSize: keptSize(parseSpaceDocument(group.version.document).kept).toString(),
      gd: band(rows, checkpoints, (c) => c.generationalDistance),
      igdPlus: band(rows, checkpoints, (c) => c.invertedGenerationalDistancePlus),
      hypervolumeRatio: band(rows, checkpoints, (c) => c.hypervolumeRatio),
      evaluationsToTarget: evaluations,
      seedsReachingTarget: reached.filter((n) => n !== null).length,
      speedup: evaluations !== null && baseEvaluations !== null ? baseEvaluations / evaluations : null,
      frontier: frontierOf(group.runs.flatMap((r) => r.architectures.map(pointOf))).map((p) =>
        frontierPoint(space, p),
      ),
    };
  });
  const result = {
    groups: results,
    checkpoints,
    reference: trueFront
      ? `The true front: ${front.length} of ${spaceSize(space)} architectures, each with known accuracy and predicted latency.`
      : `The union front of all compared runs: ${front.length} architectures. The true front is not known.`,
    referenceFront: front.map((p) => frontierPoint(space, p)),
    baseline,
    targetIgdPlus: target,
    targetEvaluations,
  };
  return { ...result, verdict: verdict(result) };
}

function evaluation({
  space,
  blockLatencyMs,
  fixedMs,
  accuracyOf,
}: ComparisonInput): (index: number) => Point {
  const known = new Map<number, Point>();
  return (architectureIndex) => {
    let point = known.get(architectureIndex);
    if (!point) {
      const encoding = encodingAt(space, architectureIndex);
      const latencyMs = encoding.reduce(
        (sum, choice, layer) => sum + (blockLatencyMs[layer]?.[choice] ?? Number.NaN),
        fixedMs,
      );
      point = { architectureIndex, accuracy: accuracyOf(architectureIndex), latencyMs };
      known.set(architectureIndex, point);
    }
    return point;
  };
}

function tableFront({ space, blockLatencyMs, fixedMs, accuracyOf }: ComparisonInput): Point[] {
  const latency = additiveLatency(space, blockLatencyMs, fixedMs);
  const error = Float64Array.from(latency, (_, index) => 100 - accuracyOf(index));
  const points = [...nonDominated2d(error, latency)].map((index) => ({
    architectureIndex: index,
    accuracy: accuracyOf(index),
    latencyMs: latency[index] ?? Number.NaN,
  }));
  return frontierOf(points);
}

const objectivesOf = (points: readonly Point[]): TrialObjectives => ({
  error: Float64Array.from(points, (p) => 100 - p.accuracy),
  latencyMs: Float64Array.from(points, (p) => p.latencyMs),
});

/** Median and quartiles over the runs that reached a checkpoint; null when fewer than half of them did. */
function band(
  runs: readonly (readonly Convergence[])[],
  checkpoints: readonly number[],
  value: (c: Convergence) => number,
): Band {
  const at = checkpoints.map((_, i) =>
    runs.flatMap((rows) => {
      const row = rows[i];
      return row && Number.isFinite(value(row)) ? [value(row)] : [];
    }),
  );
  const enough = (values: readonly number[], pick: () => number): number | null =>
    values.length * 2 >= runs.length && values.length > 0 ? pick() : null;
  return {
    median: at.map((values) => enough(values, () => median(values))),
    low: at.map((values) => enough(values, () => quantile(values, 0.25))),
    high: at.map((values) => enough(values, () => quantile(values, 0.75))),
  };
}

/** The median over seeds when those that never reach the target count as later than all others. */
function medianReached(reached: readonly (number | null)[]): number | null {
  if (reached.length === 0) return null;
  const sorted = reached.map((n) => n ?? Infinity).sort((a, b) => a - b);
  const middle =
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity) +
      (sorted[Math.ceil((sorted.length - 1) / 2)] ?? Infinity)) /
    2;
  return Number.isFinite(middle) ? Math.round(middle) : null;
}

const finiteMedian = (values: readonly number[]): number | null =>
  values.length > 0 ? median(values) : null;

const frontierPoint = (
  space: SearchSpace,
  { architectureIndex, accuracy, latencyMs }: Point,
): FrontierPoint => ({
  encoding: [...encodingAt(space, architectureIndex)],
  accuracy,
  latencyMs,
});
