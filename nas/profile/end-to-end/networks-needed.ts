import { median } from '../../stats/index.js';
import type { ChoiceShares } from './regression.js';
import type { AdditiveFit } from './regression.js';
import type { PlacementSamples } from './placement-samples.js';

/** How many networks each estimator needs until half its placements' 95 % intervals are as narrow. */
export interface NetworksNeeded {
  /** Half-width of the interval, as a ratio of the mean network. */
  readonly halfWidth: number;
  readonly regression: number;
  /** Random networks, each used for every placement that it has. */
  readonly sampling: number;
  /** As Mills et al. 2021 sample: networks of its own for each placement, all together. */
  readonly samplingEach: number;
}

const NORMAL_95 = 1.96;

/**
 * The regression's from its posterior after the first networks, beyond those measured by the root of their number; the means' from
 * the deviations that were seen. `effects`: what each placement changes against all networks.
 */
export function networksNeeded(
  halfWidth: number,
  measured: number,
  additive: AdditiveFit,
  effects: readonly ChoiceShares[],
  { all, placements }: PlacementSamples,
): NetworksNeeded {
  const target = halfWidth * all.meanMs;
  const widthAfter = (networks: number): number =>
    NORMAL_95 * median(additive.deviationsMs(effects, networks));
  const sampled = placements.flatMap(({ sample }) =>
    sample !== null && sample.networks > 2
      ? [{ own: (NORMAL_95 * (sample.deviationMs / target)) ** 2, rarity: measured / sample.networks }]
      : [],
  );
  return {
    halfWidth,
    regression: firstBelow(target, measured, widthAfter),
    sampling: Math.ceil(median(sampled.map(({ own, rarity }) => own * rarity))),
    samplingEach: Math.ceil(sampled.reduce((sum, { own }) => sum + own, 0)),
  };
}

function firstBelow(target: number, measured: number, widthAfter: (networks: number) => number): number {
  const width = widthAfter(measured);
  if (width > target) return Math.ceil(measured * (width / target) ** 2);
  let [low, high] = [1, measured];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (widthAfter(middle) <= target) high = middle;
    else low = middle + 1;
  }
  return low;
}
