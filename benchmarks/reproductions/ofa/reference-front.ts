import { nonDominated2d, type Points } from '@espalier/nas/pareto';
import { nsga2, runSearch, type Evaluated, type Objectives } from '@espalier/nas/search';
import { encodingKey, neighbours, type Encoding, type SearchSpace } from '@espalier/nas/space';

export interface ReferenceFrontOptions {
  /** Runs of NSGA-II, from the seeds 1000, 1001, … */
  readonly runs?: number;
  /** Evaluations of each. */
  readonly evaluations?: number;
}

/**
 * The best front that is known of a space too large to enumerate: the union of long NSGA-II runs, then every network that differs in
 * one choice from a member, until no member has a better neighbour. Fixed: the same for the same objectives and options. By
 * ascending latency; of equal objectives one.
 */
export function referenceFront(
  space: SearchSpace,
  objectives: (encoding: Encoding) => Objectives,
  { runs = 8, evaluations = 25_000 }: ReferenceFrontOptions = {},
): readonly Evaluated[] {
  let front: readonly Evaluated[] = [];
  for (let run = 0; run < runs; run++) {
    const sampler = nsga2(space, { seed: 1000 + run, populationSize: 200 });
    front = frontOf([...front, ...runSearch(sampler, objectives, evaluations)]);
  }
  const explored = new Set<string>();
  for (;;) {
    const waiting = front.filter(({ encoding }) => !explored.has(encodingKey(encoding)));
    if (waiting.length === 0) return front;
    const found = waiting.flatMap(({ encoding }) => {
      explored.add(encodingKey(encoding));
      return neighbours(space, encoding).map((each) => ({ encoding: each, ...objectives(each) }));
    });
    front = frontOf([...front, ...found]);
  }
}

/** As the indicators take it: [error %, latency ms]. */
export function pointsOf(evaluated: readonly Objectives[]): Points {
  return evaluated.map(({ error, latencyMs }) => [error, latencyMs]);
}

/** The non-dominated ones by ascending latency, of equal objectives the first. */
export function frontOf(evaluated: readonly Evaluated[]): readonly Evaluated[] {
  const indices = nonDominated2d(
    Float64Array.from(evaluated, ({ error }) => error),
    Float64Array.from(evaluated, ({ latencyMs }) => latencyMs),
  );
  const front = Array.from(indices)
    .sort((a, b) => a - b)
    .flatMap((at) => evaluated[at] ?? [])
    .sort((a, b) => a.latencyMs - b.latencyMs);
  return front.filter(({ latencyMs }, at) => latencyMs !== front[at - 1]?.latencyMs);
}
