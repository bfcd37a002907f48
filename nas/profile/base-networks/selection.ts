/**
 * Choosing a family of blocks and its blocks for each layer from what base networks cost (Zeng et al. 2020, BBSSP): pure functions
 * of accuracies and latencies, wherever those come from.
 */
export interface CostConstants {
  /** Accuracy that costs 1, a fraction. */
  readonly a0: number;
  /** How slowly the cost of accuracy grows. */
  readonly s: number;
  /** How much latency counts; larger favours fast networks. */
  readonly lambda: number;
  /** Milliseconds that latencies are compared with, for a λ that does not depend on the unit; 1 as published. */
  readonly referenceMs?: number;
}

/** The released code's. */
export const PUBLISHED_CONSTANTS: CostConstants = { a0: 0.8, s: 2, lambda: 0.01 };

/**
 * Cost of a network of this accuracy (a fraction) and latency; lower is better. With `referenceMs` the latency's part is
 * λ · referenceMs / t: the published order is that of λ / referenceMs. RangeError for a latency or scale that is not positive.
 */
export function networkCost(
  accuracy: number,
  latencyMs: number,
  { a0, s, lambda, referenceMs = 1 }: CostConstants = PUBLISHED_CONSTANTS,
): number {
  if (!(latencyMs > 0)) throw new RangeError(`latencyMs must be positive, got ${String(latencyMs)}`);
  if (!(s > 0) || !(referenceMs > 0)) throw new RangeError('s and referenceMs must be positive');
  return Math.exp(-(accuracy - a0) / s) - (lambda * referenceMs) / latencyMs;
}

/** A block of a family at a layer, with the cost of the base network that has it there. */
export interface Cell {
  readonly family: string;
  readonly layer: number;
  readonly block: number;
  readonly cost: number;
}

/** A family's shape: cells are compared in the order of the families, layers and blocks. */
export interface Family {
  readonly name: string;
  readonly layers: number;
  /** The block of its first base network at each layer. */
  readonly defaults: readonly number[];
}

export interface SelectedSpace {
  readonly family: string;
  /** Blocks by layer, ascending; never none. */
  readonly candidates: readonly (readonly number[])[];
  /** How many cells of each family lay among the cheapest when the winner had its number. */
  readonly counts: Readonly<Record<string, number>>;
  /** Mean cost of the counted cells: by this, spaces are compared. */
  readonly cost: number;
}

/**
 * Walks the cells from the cheapest on; the first family with `size` of them wins, and those are its candidates. A layer without
 * any keeps the family's default. Ties go by family, layer and block. RangeError when no family has so many cells.
 */
export function selectSpace(
  families: readonly Family[],
  cells: readonly Cell[],
  size: number,
): SelectedSpace {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`size must be a positive integer, got ${String(size)}`);
  const rank = new Map(families.map(({ name }, at) => [name, at]));
  for (const { family, layer, cost } of cells) {
    const known = families[rank.get(family) ?? -1];
    if (known === undefined || layer < 0 || layer >= known.layers || Number.isNaN(cost))
      throw new RangeError(`no such cell: family ${family}, layer ${String(layer)}, cost ${String(cost)}`);
  }
  const sorted = [...cells].sort(
    (a, b) =>
      a.cost - b.cost ||
      (rank.get(a.family) ?? 0) - (rank.get(b.family) ?? 0) ||
      a.layer - b.layer ||
      a.block - b.block,
  );
  const counted = new Map<string, Cell[]>(families.map(({ name }) => [name, []]));
  for (const cell of sorted) {
    const own = counted.get(cell.family) ?? [];
    own.push(cell);
    const winner = families[rank.get(cell.family) ?? -1];
    if (own.length < size || winner === undefined) continue;
    return {
      family: winner.name,
      candidates: Array.from({ length: winner.layers }, (_, layer) => {
        const here = own.flatMap((each) => (each.layer === layer ? [each.block] : []));
        return here.length > 0 ? here.sort((a, b) => a - b) : [winner.defaults[layer] ?? 0];
      }),
      counts: Object.fromEntries([...counted].map(([name, { length }]) => [name, length])),
      cost: own.reduce((sum, { cost }) => sum + cost, 0) / own.length,
    };
  }
  throw new RangeError(`no family has ${String(size)} cells`);
}

/** The published size of a selection: half of a family's cells, rounded up (60 for 12 layers was chosen by hand). */
export function usualSize(layers: number, blocks: number): number {
  return Math.ceil(0.5 * layers * blocks);
}
