import {
  builtSitesOf,
  chainOf,
  countMacs,
  elementCount,
  inferShapes,
  networkOf,
  parametersOf,
  type Network,
} from '../../graph/index.js';
import {
  choiceMeasure,
  positionsOf,
  sampleByChoices,
  type Encoding,
  type SearchSpace,
} from '../../space/index.js';
import { createRandom, fitLinear, mean } from '../../stats/index.js';

/** What a device has to do: multiply-accumulates, elements read or written, operators started. */
export const COSTS = ['multiply-accumulates', 'elements moved', 'operators'] as const;

/** Costs in the order of `COSTS`, each divided by its mean over random networks: a list a position, an entry a choice. */
export type ChoiceCosts = readonly (readonly (readonly number[])[])[];

/**
 * What every choice adds to a network's costs, counted, not measured. Where a block's cost depends on other choices (a width, the
 * resolution) it is the additive part, by least squares over random networks.
 */
export function choiceCosts(space: SearchSpace): ChoiceCosts {
  const known = cache.get(space);
  if (known !== undefined) return known;
  const alone = positionsOf(space).map(({ index, choices }) =>
    choices.map((_, choice) =>
      builtSitesOf(space, index, choice).reduce<readonly number[]>(
        (sum, { site, copies }) =>
          networkCosts(chainOf(space, index, choice, 1, site)).map(
            (cost, at) => (sum[at] ?? 0) + copies * cost,
          ),
        COSTS.map(() => 0),
      ),
    ),
  );
  const found = normalised(space, dependsOnOthers(space) ? projected(space, alone) : alone);
  cache.set(space, found);
  return found;
}

const cache = new WeakMap<SearchSpace, ChoiceCosts>();

function networkCosts(network: Network): readonly number[] {
  const shapes = inferShapes(network);
  // Batch norms are folded into convolutions before anything is measured.
  const nodes = network.nodes.filter(({ op }) => op !== 'batch-norm' && op !== 'zero');
  const moved = nodes.reduce((sum, node) => {
    const shape = shapes.get(node.output);
    const parameters = parametersOf(node).reduce((all, each) => all + elementCount(each.shape), 0);
    return sum + parameters + (shape === undefined ? 0 : shape.channels * shape.height * shape.width);
  }, 0);
  return [countMacs(network), moved, nodes.length];
}

function dependsOnOthers(space: SearchSpace): boolean {
  return positionsOf(space).some(({ kind }) => kind === 'width' || kind === 'resolution');
}

/** What the blocks' costs in the typical network leave unexplained is shared out among the choices. */
function projected(space: SearchSpace, alone: ChoiceCosts): ChoiceCosts {
  const networks = sampled(space, Math.min(300, 60 + 2 * alone.flat().length));
  const rows = networks.map((encoding) => oneHot(alone, encoding));
  const prior = rows[0]?.map((_, column) => (column === 0 ? 1e4 : 30)) ?? [];
  const built = networks.map((encoding) => networkCosts(networkOf(space, encoding)));
  const shares = COSTS.map((_, cost) => {
    const rests = networks.map((encoding, i) => (built[i]?.[cost] ?? 0) - sumOf(alone, encoding, cost));
    return fitLinear(rows, rests, prior).coefficients;
  });
  let column = 0;
  return alone.map((choices) =>
    choices.map((costs) => {
      column++;
      return costs.map((each, cost) => each + (shares[cost]?.[column] ?? 0));
    }),
  );
}

/** 1, then for each position as many numbers as it has choices. */
function oneHot(choices: readonly (readonly unknown[])[], encoding: Encoding): Float64Array {
  const row = new Float64Array(1 + choices.flat().length);
  row[0] = 1;
  let start = 1;
  choices.forEach(({ length }, at) => {
    row[start + (encoding[at] ?? 0)] = 1;
    start += length;
  });
  return row;
}

function normalised(space: SearchSpace, costs: ChoiceCosts): ChoiceCosts {
  const networks = sampled(space, 50);
  const scales = COSTS.map((_, cost) =>
    mean(networks.map((encoding) => Math.abs(sumOf(costs, encoding, cost)))),
  );
  return costs.map((choices) =>
    choices.map((each) =>
      each.map((value, cost) => ((scales[cost] ?? 0) > 0 ? value / (scales[cost] ?? 1) : 0)),
    ),
  );
}

function sampled(space: SearchSpace, count: number): readonly Encoding[] {
  const measure = choiceMeasure(space);
  const random = createRandom(1);
  return Array.from({ length: count }, () => sampleByChoices(measure, random));
}

function sumOf(costs: ChoiceCosts, encoding: Encoding, cost: number): number {
  return encoding.reduce((sum, choice, at) => sum + (costs[at]?.[choice]?.[cost] ?? 0), 0);
}
