import { setImmediate as nextTick } from 'node:timers/promises';
import { CHECKPOINTS, convergence, evaluationsToTarget, type Convergence } from '@espalier/nas/search';
import { keptSize, type SearchSpace } from '@espalier/nas/space';
import { median } from '@espalier/nas/stats';
import type { SamplerKind } from '../../graphql/generated/resolvers.js';
import { frontierOf } from '../searches/index.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { arrivalOf } from './arrivals.js';
import { attainmentOf } from './attainment.js';
import { bandsOf } from './bands.js';
import type { ComparedRun, Judged } from './compared-runs.js';
import type { Arrival, ComparisonGroupResult, ComparisonResult, FrontierPoint } from './entities.js';
import type { Reference } from './reference.js';
import { testsAgainst } from './significance.js';
import { verdict } from './verdict.js';

/** What a comparison is computed from. */
export interface ComparisonInput {
  readonly space: SearchSpace;
  readonly reference: Reference;
  readonly groups: readonly ComparedGroup[];
  readonly baseline: string | null;
  readonly targetEvaluations: number;
  /** Ascending; null for the second paper's and the end of the longest run. */
  readonly columns: readonly number[] | null;
}

export interface ComparedGroup {
  readonly label: string;
  /** What its first run searched. */
  readonly version: SpaceVersionRow;
  readonly samplers: readonly SamplerKind[];
  readonly runs: readonly ComparedRun[];
}

/**
 * Convergence of each group against one reference, what differs by more than chance, and what it means in sentences. Lets
 * go of the event loop between runs: hundreds of them take a while.
 */
export async function compare(input: ComparisonInput): Promise<ComparisonResult> {
  const { space, reference, groups, baseline } = input;
  const lengths = groups.flatMap(({ runs }) => runs.map(({ error }) => error.length));
  const checkpoints = checkpointsUpTo(Math.max(...lengths), input.columns);
  const attainmentEvaluations = Math.min(...lengths);
  const curves: { label: string; runs: Convergence[][] }[] = [];
  for (const { label, runs } of groups) {
    const rows: Convergence[][] = [];
    for (const run of runs) {
      rows.push(convergence(run, reference.points, checkpoints, reference.unit));
      await nextTick();
    }
    curves.push({ label, runs: rows });
  }
  const targets = targetsOf(input);
  const arrivals = await arrivalsOf(input, targets);
  const base = curves.find(({ label }) => label === baseline);
  const others = curves.filter((each) => each !== base);
  const tests = base ? await testsAgainst(base, others, checkpoints) : null;

  const results = groups.map((group, i): ComparisonGroupResult => {
    const { label, version, runs, samplers } = group;
    return {
      label,
      runIds: runs.map(({ id }) => id),
      rule: version.pruning?.rule ?? null,
      ratio: version.pruning?.ratio ?? null,
      samplers: [...new Set(samplers)],
      spaceSize: keptSize(space, parsedSpace(version).kept).toString(),
      ...bandsOf(curves[i]?.runs ?? [], checkpoints),
      arrivals: arrivals.get(label) ?? [],
      tests: tests?.get(label) ?? [],
      attainment: attainmentOf(runs, attainmentEvaluations),
      frontier: frontierOf(runs.flatMap(({ front }) => front)).map(frontierPoint),
    };
  });
  const result = {
    groups: results,
    checkpoints,
    reference: reference.words,
    referenceFront: reference.front.map(frontierPoint),
    range: reference.range,
    targetIgdPlus: targets?.igdPlus ?? null,
    targetGd: targets?.gd ?? null,
    attainmentEvaluations,
  };
  return { ...result, verdict: verdict({ ...result, baseline, targetEvaluations: input.targetEvaluations }) };
}

function checkpointsUpTo(longest: number, columns: readonly number[] | null): number[] {
  return columns
    ? columns.filter((column) => column <= longest)
    : [...CHECKPOINTS.filter((checkpoint) => checkpoint < longest), longest];
}

interface Targets {
  readonly gd: number;
  readonly igdPlus: number;
}

/** Medians of the baseline after the target's evaluations. */
function targetsOf({ groups, baseline, reference, targetEvaluations }: ComparisonInput): Targets | null {
  const base = groups.find(({ label }) => label === baseline);
  if (!base) return null;
  const rows = base.runs.flatMap((run) =>
    convergence(run, reference.points, [targetEvaluations], reference.unit),
  );
  if (rows.length === 0) return null;
  return {
    gd: median(rows.map((row) => row.generationalDistance)),
    igdPlus: median(rows.map((row) => row.invertedGenerationalDistancePlus)),
  };
}

/** By label; nothing where no baseline sets a target. */
async function arrivalsOf(
  { groups, baseline, reference }: ComparisonInput,
  targets: Targets | null,
): Promise<Map<string, Arrival[]>> {
  const arrivals = new Map<string, Arrival[]>(groups.map(({ label }) => [label, []]));
  if (!targets) return arrivals;
  for (const [indicator, name, target] of [
    ['IGD_PLUS', 'igd+', targets.igdPlus],
    ['GD', 'gd', targets.gd],
  ] as const) {
    const reached = new Map<string, (number | null)[]>();
    for (const { label, runs } of groups) {
      const times: (number | null)[] = [];
      for (const run of runs) {
        times.push(evaluationsToTarget(run, reference.points, target, name, reference.unit));
        await nextTick();
      }
      reached.set(label, times);
    }
    const own = reached.get(baseline ?? '') ?? [];
    for (const [label, times] of reached) {
      arrivals.get(label)?.push(arrivalOf(indicator, times, own, label === baseline));
      await nextTick();
    }
  }
  return arrivals;
}

const frontierPoint = ({ architecture, accuracy, latencyMs }: Judged): FrontierPoint => ({
  encoding: [...architecture],
  accuracy,
  latencyMs,
});
