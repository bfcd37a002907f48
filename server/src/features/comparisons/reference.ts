import type { Normalisation, Points } from '@espalier/nas/pareto';
import { enumerateEncodings, positionsOf, spaceSize, type SearchSpace } from '@espalier/nas/space';
import type { ComparisonNormalisation } from '../../graphql/generated/resolvers.js';
import { frontierOf, type Objectives } from '../searches/index.js';
import { columnsOf, frontOfColumns, type ComparedRun, type Judged } from './compared-runs.js';
import type { ObjectiveRange } from './entities.js';

/** What every run is judged against. */
export interface Reference {
  readonly front: readonly Judged[];
  /** Error and latency of the front. */
  readonly points: Points;
  readonly unit: Normalisation;
  readonly range: ObjectiveRange;
  /** What it is, in words. */
  readonly words: string;
}

/** Above this many networks the true front is not enumerated, and the union of all runs is the reference. */
const LARGEST_TABLE = 1_000_000n;

export const isEnumerable = (space: SearchSpace): boolean => spaceSize(space) <= LARGEST_TABLE;

/** Front and least and largest objectives of a set of networks. */
interface Known {
  readonly front: readonly Judged[];
  readonly range: ObjectiveRange;
}

/**
 * The true front where every accuracy of the space is known (`complete`), else the union front of the runs; and the unit in
 * which distances to it are given.
 */
export async function referenceOf(
  space: SearchSpace,
  runs: readonly ComparedRun[],
  {
    objectives,
    complete,
    normalisation,
  }: {
    readonly objectives: Objectives;
    readonly complete: boolean;
    readonly normalisation: ComparisonNormalisation;
  },
): Promise<Reference> {
  const isTrue = complete && isEnumerable(space);
  const known = isTrue ? await wholeTable(space, objectives) : union(runs);
  const range = normalisation === 'SPACE_RANGE' ? known.range : rangeOfFront(known.front);
  const what = isTrue
    ? `The true front: ${known.front.length} of ${spaceSize(space).toLocaleString('en-US')} architectures, each with known accuracy and predicted latency.`
    : `The union front of all compared runs: ${known.front.length} architectures. The true front is not known.`;
  return {
    front: known.front,
    points: known.front.map((each) => [100 - each.accuracy, each.latencyMs]),
    unit: unitOf(range),
    range,
    words: `${what} ${unitInWords(normalisation, isTrue, range)}`,
  };
}

function unitInWords(normalisation: ComparisonNormalisation, isTrue: boolean, range: ObjectiveRange): string {
  const over =
    normalisation === 'REFERENCE_FRONT'
      ? 'the range of this front'
      : isTrue
        ? 'the range of the whole space'
        : 'the range of all networks that the runs evaluated';
  const { worstAccuracy, bestAccuracy, fastestMs, slowestMs } = range;
  return `Distances are in units of ${over}: accuracy ${worstAccuracy.toFixed(2)} to ${bestAccuracy.toFixed(2)}, latency ${fastestMs.toPrecision(3)} to ${slowestMs.toPrecision(3)} ms.`;
}

function unitOf({ bestAccuracy, worstAccuracy, fastestMs, slowestMs }: ObjectiveRange): Normalisation {
  return {
    ideal: [100 - bestAccuracy, fastestMs],
    range: [bestAccuracy - worstAccuracy || 1, slowestMs - fastestMs || 1],
  };
}

async function wholeTable(space: SearchSpace, objectives: Objectives): Promise<Known> {
  const positions = positionsOf(space).length;
  const bytes = new Uint8Array(Number(spaceSize(space)) * positions);
  let at = 0;
  for (const encoding of enumerateEncodings(space)) {
    bytes.set(encoding, at);
    at += positions;
  }
  const all = await columnsOf({ positions, bytes }, objectives);
  return { front: frontOfColumns({ positions, bytes }, all), range: rangeOf([all]) };
}

function union(runs: readonly ComparedRun[]): Known {
  return { front: frontierOf(runs.flatMap((run) => run.front)), range: rangeOf(runs) };
}

function rangeOfFront(front: readonly Judged[]): ObjectiveRange {
  return rangeOf([
    {
      error: Float64Array.from(front, (each) => 100 - each.accuracy),
      latencyMs: Float64Array.from(front, (each) => each.latencyMs),
    },
  ]);
}

function rangeOf(columns: readonly Pick<ComparedRun, 'error' | 'latencyMs'>[]): ObjectiveRange {
  const [leastError, mostError] = extremes(columns.map(({ error }) => error));
  const [fastestMs, slowestMs] = extremes(columns.map(({ latencyMs }) => latencyMs));
  return { bestAccuracy: 100 - leastError, worstAccuracy: 100 - mostError, fastestMs, slowestMs };
}

function extremes(columns: readonly Float64Array[]): readonly [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const column of columns)
    for (const value of column) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return [least, most];
}
