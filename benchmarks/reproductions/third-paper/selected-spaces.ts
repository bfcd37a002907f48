import {
  familyCells,
  networkCost,
  predictLatency,
  PUBLISHED_CONSTANTS,
  selectSpace,
  type BaseNetwork,
  type Cell,
  type CostConstants,
  type Family,
  type LatencyTable,
} from '@espalier/nas/profile';
import { hypervolume2d } from '@espalier/nas/pareto';
import { baseNetworksOf, enumerateEncodings, isKept, typicalEncoding, type Encoding, type KeptChoices, type SearchSpace } from '@espalier/nas/space'; // prettier-ignore
import { mean } from '@espalier/nas/stats';

/** A family of blocks as a space of its own, every network of which has an accuracy. */
export interface EvaluatedFamily {
  readonly space: SearchSpace;
  /** Percent. */
  readonly accuracyOf: (encoding: Encoding) => number;
  /** The base network, what each block changes in it, and the table made of them. */
  readonly baseNetworkMs: number;
  readonly changesMs: readonly (readonly number[])[];
  readonly table: LatencyTable;
}

export interface Selected {
  readonly family: EvaluatedFamily;
  readonly kept: KeptChoices;
  /** Mean cost of the counted base networks. */
  readonly cellCost: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** The pool of all families' base networks (Zeng et al. 2020), the cheapest cells, the first family with `size` of them. */
export function selectFrom(families: readonly EvaluatedFamily[], lambda: number, size: number): Selected {
  const pool = poolOf(families, lambda);
  const { family: winner, candidates, cost, counts } = selectSpace(pool.families, pool.cells, size);
  const family = families.find(({ space }) => space.name === winner);
  if (family === undefined) throw new RangeError(`no family ${winner}`);
  return { family, kept: candidates, cellCost: cost, counts };
}

/** Cells of all families, with their costs. */
export function poolOf(
  families: readonly EvaluatedFamily[],
  lambda: number,
): { readonly families: readonly Family[]; readonly cells: readonly Cell[] } {
  const found = families.map((family) => familyCells(family.space, baseNetworks(family), constants(lambda)));
  return { families: found.flatMap((each) => each.families), cells: found.flatMap(({ cells }) => cells) };
}

function baseNetworks({ space, accuracyOf, baseNetworkMs, changesMs }: EvaluatedFamily): readonly BaseNetwork[] {
  const typical = typicalEncoding(space);
  return baseNetworksOf(space).map((encoding) => {
    const swapped = encoding.findIndex((choice, at) => choice !== typical[at]);
    const changeMs = swapped < 0 ? 0 : (changesMs[swapped]?.[encoding[swapped] ?? 0] ?? NaN);
    return { encoding, accuracy: accuracyOf(encoding) / 100, latencyMs: baseNetworkMs + changeMs };
  });
} // prettier-ignore

const constants = (lambda: number): CostConstants => ({ ...PUBLISHED_CONSTANTS, lambda });

/** What the networks of a space are like, all of them; latencies from the family's table. */
export interface SpaceSummary {
  readonly networks: number;
  /** Percent. */
  readonly accuracy: number;
  readonly latencyMs: number;
  /** Mean cost of its networks. */
  readonly cost: number;
  /** Hypervolume of its front below the family's largest error and latency. */
  readonly hypervolume: number;
}

/** Summaries of many spaces of one family, whose networks are gone through once. */
export function summaries(
  { space, accuracyOf, table }: EvaluatedFamily,
  kepts: readonly KeptChoices[],
  lambda: number,
): readonly SpaceSummary[] {
  const all = Array.from(enumerateEncodings(space), (encoding) => ({
    encoding,
    accuracy: accuracyOf(encoding),
    latencyMs: predictLatency(table, encoding),
  }));
  const worstMs = all.reduce((most, { latencyMs }) => Math.max(most, latencyMs), 0);
  const worstError = all.reduce((most, { accuracy }) => Math.max(most, 100 - accuracy), 0);
  return kepts.map((kept) => {
    const own = all.filter(({ encoding }) => isKept(kept, encoding));
    return {
      networks: own.length,
      accuracy: mean(own.map(({ accuracy }) => accuracy)),
      latencyMs: mean(own.map(({ latencyMs }) => latencyMs)),
      cost: mean(own.map((each) => networkCost(each.accuracy / 100, each.latencyMs, constants(lambda)))),
      hypervolume: hypervolume2d(
        Float64Array.from(own, ({ accuracy }) => 100 - accuracy),
        Float64Array.from(own, ({ latencyMs }) => latencyMs),
        worstError,
        worstMs,
      ),
    };
  });
}
