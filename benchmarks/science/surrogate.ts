import {
  convergence,
  evaluationsToTarget,
  nsga2,
  regularizedEvolution,
  runSearch,
  surrogateSearch,
  type Evaluated,
  type ObjectiveTable,
  type Sampler,
} from '@espalier/nas/search';
import { encodingIndex, type Encoding } from '@espalier/nas/space';
import { median } from '@espalier/nas/stats';
import type { Figure } from './figure.js';
import { fashionTables } from './fashion-tables.js';

const SEEDS = 10;
const BUDGET = 200;
const MOST = 6000;
/** Proposals whose time is taken: those after so many evaluations. */
const LATE = 450;

/**
 * `search.surrogate`, on latencies of one thread: evaluations that regularized evolution needs for the IGD⁺ that the surrogate-assisted search has at 200,
 * ÷ 200; medians of ten seeds, latency known to the surrogate. `.nsga2` the same with NSGA-II (population 50), `.learnt` with
 * the latency learnt as the error is. `search.surrogate.ask`: a proposal after 450 to 500 evaluations against a limit of 20 ms.
 */
export function measureSurrogate(): Figure[] {
  const tables = fashionTables().filter(({ target }) => target === 'cpu-1t');
  return tables.flatMap(({ space, table, front }) => {
    const evaluate = (encoding: Encoding): Evaluated => evaluated(table, encoding);
    const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
    const runs = (create: (seed: number) => Sampler, evaluations: number): readonly Evaluated[][] =>
      seeds.map((seed) => runSearch(create(seed), evaluate, evaluations));
    const latencyOf = (encoding: Encoding): number => evaluate(encoding).latencyMs;
    const targetOf = (of: readonly Evaluated[][]): number =>
      median(of.map((trials) => convergence(columnsOf(trials), front, [BUDGET])[0]?.invertedGenerationalDistancePlus ?? NaN)); // prettier-ignore
    const evolved = runs((seed) => regularizedEvolution(space, { seed }), MOST);
    const sorted = runs((seed) => nsga2(space, { seed, populationSize: 50 }), MOST);
    const row = (suffix: string, peers: readonly Evaluated[][], target: number): Figure => {
      const needed = peers.map((trials) => evaluationsToTarget(columnsOf(trials), front, target) ?? Infinity);
      const value = median(needed) / BUDGET;
      return { name: `search.surrogate${suffix}/${space.name}`, value, unit: '×', peer: null, ratio: null, n: SEEDS }; // prettier-ignore
    };
    const target = targetOf(runs((seed) => surrogateSearch(space, { seed, latencyOf }), BUDGET));
    const learnt = targetOf(runs((seed) => surrogateSearch(space, { seed }), BUDGET));
    return [
      row('', evolved, target),
      row('.nsga2', sorted, target),
      row('.learnt', evolved, learnt),
      askFigure(space.name, surrogateSearch(space, { seed: 0, latencyOf }), evaluate),
    ];
  });
}

function askFigure(name: string, sampler: Sampler, evaluate: (encoding: Encoding) => Evaluated): Figure {
  runSearch(sampler, evaluate, LATE);
  const timesMs = Array.from({ length: 50 }, () => {
    const start = performance.now();
    const encoding = sampler.ask();
    const took = performance.now() - start;
    sampler.tell(evaluate(encoding));
    return took;
  });
  const value = median(timesMs);
  return {
    name: `search.surrogate.ask/${name}`,
    value,
    unit: 'ms',
    peer: 20,
    ratio: 20 / value,
    n: timesMs.length,
  };
}

function evaluated(table: ObjectiveTable, encoding: Encoding): Evaluated {
  const index = encodingIndex(table.space, encoding);
  return { encoding, error: table.error[index] ?? NaN, latencyMs: table.latencyMs[index] ?? NaN };
}

function columnsOf(trials: readonly Evaluated[]): {
  readonly error: readonly number[];
  readonly latencyMs: readonly number[];
} {
  return { error: trials.map(({ error }) => error), latencyMs: trials.map(({ latencyMs }) => latencyMs) };
}
