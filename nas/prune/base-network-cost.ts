import { familyCells } from '../profile/base-networks/families.js';
import {
  PUBLISHED_CONSTANTS,
  selectSpace,
  usualSize,
  type Cell,
} from '../profile/base-networks/selection.js';
import { positionsOf, typicalEncoding, type Position, type SearchSpace } from '../space/index.js';
import { explained, figure, type Decision } from './decision.js';
import { needed, type Evidence } from './evidence.js';
import { competes, keptCount, ordered, PruningError } from './rule.js';
import type { BaseNetworkCostSettings } from './settings.js';

/**
 * Zeng et al. 2020 (BBSSP), the cell version: a block at a layer costs what the base network costs that has it there; cells are
 * walked from the cheapest on, and the first family of blocks to get `cells` of them wins. A layer that got none keeps the
 * winner's default. Widths, resolutions and leaving a layer out stay. Scores are costs with the sign turned; a block that no
 * base network has scores as the worst of its layer and goes. Needs BASE_NETWORKS. PruningError PRUNING_INVALID_SETTINGS for more
 * cells than any family has, a λ below 0 or both `cells` and `ratio`; PRUNING_INVALID_VALUES for an accuracy or latency out of
 * range; PRUNING_MISSING_EVIDENCE without the base network of typical choices.
 */
export function decideByBaseNetworkCost(
  space: SearchSpace,
  settings: BaseNetworkCostSettings,
  evidence: Evidence,
): Decision {
  const { families, cells } = costedCells(space, settings, evidence);
  const size = cellCount(
    families.map(({ name }) => cells.filter((cell) => cell.family === name).length),
    settings,
  );
  const selected = selectSpace(families, cells, size);
  const layers = positionsOf(space).filter(isLayer);
  const layerAt = new Map(layers.map(({ index }, layer) => [index, layer]));
  const kept = positionsOf(space).map(({ index, choices }) => {
    const candidates = selected.candidates[layerAt.get(index) ?? -1];
    return choices.flatMap((choice, i) =>
      candidates === undefined || !competes(choice) || candidates.includes(i) ? [i] : [],
    );
  });
  const ranked = [...cells].sort((x, y) => x.cost - y.cost);
  const placed = new Map(ranked.map((cell, place) => [keyOf(cell.layer, cell.block), { cell, place }]));
  const counted = new Set(ranked.filter(({ family }) => family === selected.family).slice(0, size));
  const costAt = (at: number, i: number): number | undefined =>
    placed.get(keyOf(layerAt.get(at) ?? -1, i))?.cell.cost;
  const scores = positionsOf(space).map(({ index, choices }) => {
    const costs = choices.map((_, i) => costAt(index, i));
    const worst = Math.max(...costs.filter((cost) => cost !== undefined), -Infinity);
    return costs.map((cost) => 0 - (cost ?? (Number.isFinite(worst) ? worst : 0)));
  });
  const order = scores.map((layer, at) =>
    ordered(
      layer.length,
      (i, j) =>
        Number(kept[at]?.includes(j)) - Number(kept[at]?.includes(i)) || (layer[j] ?? 0) - (layer[i] ?? 0),
    ),
  );
  const counts = Object.entries(selected.counts);
  const rivals =
    counts.length > 1 ? ` (${counts.map(([name, count]) => `${name} ${String(count)}`).join(', ')})` : '';
  const explanation = `Kept: the ${String(size)} cheapest cells of ${selected.family}${rivals}, cost = accuracy's + λ · latency's with λ = ${figure(settings.lambda)}; a layer without any keeps its default block.`;
  return explained(space, { kept, scores, order, explanation }, (at, i) => {
    const found = placed.get(keyOf(layerAt.get(at) ?? -1, i));
    if (found === undefined) return 'its base network is not known';
    const cost = `cost ${found.cell.cost.toFixed(4)}, ${String(found.place + 1)} of ${String(cells.length)} cells`;
    if (found.cell.family !== selected.family)
      return `${cost}; ${found.cell.family} had ${String(selected.counts[found.cell.family] ?? 0)} when ${selected.family} had ${String(size)}`;
    const isDefaultOnly = kept[at]?.includes(i) === true && !counted.has(found.cell);
    return isDefaultOnly ? `${cost}; the default, where no block is among the cheapest` : cost;
  });
}

function costedCells(
  space: SearchSpace,
  { lambda, referenceMs }: BaseNetworkCostSettings,
  evidence: Evidence,
): ReturnType<typeof familyCells> {
  if (!(lambda >= 0 && Number.isFinite(lambda)))
    throw new PruningError(
      'PRUNING_INVALID_SETTINGS',
      `lambda must be a number of at least 0, got ${String(lambda)}`,
    );
  if (referenceMs !== undefined && !(referenceMs > 0 && Number.isFinite(referenceMs)))
    throw new PruningError(
      'PRUNING_INVALID_SETTINGS',
      `referenceMs must be positive, got ${String(referenceMs)}`,
    );
  const networks = needed(evidence.baseNetworks, 'BASE_NETWORKS', 'BASE_NETWORK_COST');
  const typical = typicalEncoding(space).join('.');
  if (!networks.some(({ encoding }) => encoding.join('.') === typical))
    throw new PruningError(
      'PRUNING_MISSING_EVIDENCE',
      `the base network of typical choices, ${typical}, is not known`,
    );
  for (const { encoding, error, latencyMs } of networks)
    if (!(error >= 0 && error <= 100) || !(latencyMs > 0 && Number.isFinite(latencyMs)))
      throw new PruningError(
        'PRUNING_INVALID_VALUES',
        `base network ${encoding.join('.')} must have an error of 0 to 100 % and a positive latency, got ${String(error)} % and ${String(latencyMs)} ms`,
      );
  return familyCells(
    space,
    networks.map(({ encoding, error, latencyMs }) => ({ encoding, accuracy: 1 - error / 100, latencyMs })),
    { ...PUBLISHED_CONSTANTS, lambda, ...(referenceMs === undefined ? {} : { referenceMs }) },
  );
}

/** K: as told, or a share of the smallest family's cells so that every family can win; half of them when neither is told. */
function cellCount(sizes: readonly number[], { cells, ratio }: BaseNetworkCostSettings): number {
  const [fewest, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (cells !== undefined && ratio !== undefined)
    throw new PruningError('PRUNING_INVALID_SETTINGS', 'give either cells or a ratio, not both');
  if (cells === undefined) return ratio === undefined ? usualSize(1, fewest) : keptCount(fewest, ratio);
  if (!Number.isInteger(cells) || cells < 1 || cells > most)
    throw new PruningError(
      'PRUNING_INVALID_SETTINGS',
      `cells must be an integer from 1 to ${String(most)}, got ${String(cells)}`,
    );
  return cells;
}

const keyOf = (layer: Cell['layer'], block: Cell['block']): string => `${String(layer)}.${String(block)}`;
const isLayer = ({ kind }: Position): boolean => kind === 'layer' || kind === 'edge';
