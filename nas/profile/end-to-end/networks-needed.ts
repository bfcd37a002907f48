import { median } from '../../stats/index.js';
import type { SearchSpace } from '../../space/index.js';
import type { MeasuredNetwork } from '../quality.js';
import { fitAdditive, type ChoiceShares } from './regression.js';
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
 * The regression's from its posterior after the first networks, which sees no others; beyond those measured by the root of their
 * number. The means' from the deviations that were seen. `effects`: what each placement changes against all networks.
 */
export function networksNeeded(
  halfWidths: readonly number[],
  space: SearchSpace,
  fit: readonly MeasuredNetwork[],
  effects: readonly ChoiceShares[],
  { all, placements }: PlacementSamples,
): readonly NetworksNeeded[] {
  const widths = prefixesOf(fit.length).map((networks) => ({
    networks,
    widthMs: NORMAL_95 * median(fitAdditive(space, fit.slice(0, networks)).deviationsMs(effects)),
  }));
  const seen = placements.flatMap(({ sample }) => (sample !== null && sample.networks > 2 ? [sample] : []));
  return halfWidths.map((halfWidth) => {
    const targetMs = halfWidth * all.meanMs;
    const own = seen.map(({ deviationMs }) => (NORMAL_95 * (deviationMs / targetMs)) ** 2);
    const rarities = seen.map(({ networks }) => fit.length / networks);
    return {
      halfWidth,
      regression: enough(targetMs, widths),
      sampling: Math.ceil(median(own.map((networks, at) => networks * (rarities[at] ?? NaN)))),
      samplingEach: Math.ceil(own.reduce((sum, each) => sum + each, 0)),
    };
  });
}

/** Fewer tell the noise from the effects by luck only. */
const FEWEST = 16;

/** Growing by half, up to all. */
function prefixesOf(all: number): readonly number[] {
  const counts: number[] = [];
  for (let count = Math.min(FEWEST, all); count < all; count = Math.ceil(1.5 * count)) counts.push(count);
  return [...counts, all];
}

function enough(targetMs: number, widths: readonly { networks: number; widthMs: number }[]): number {
  const found = widths.find(({ widthMs }) => widthMs <= targetMs);
  if (found !== undefined) return found.networks;
  const last = widths.at(-1);
  return last === undefined ? NaN : Math.ceil(last.networks * (last.widthMs / targetMs) ** 2);
}
