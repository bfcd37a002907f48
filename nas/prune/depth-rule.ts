import { median } from '../stats/index.js';

/** What the presence of a unit's last optional layer does on average: any unit of latency, percentage points of accuracy. */
export interface DepthEffect {
  readonly latency: number;
  readonly accuracy: number;
}

/**
 * Which units lose their last optional layer (after Mills et al. 2021, who chose by eye): those where it costs more latency for
 * its accuracy than `factor` times the median unit. Never the last two, where depth pays most, unless the device is flat in the
 * choice of blocks, so that depth is all there is to save. A layer that costs nothing stays; one that costs time and gains no
 * accuracy is dearer than any other. `null` for a unit without an optional layer.
 */
export function cappedUnits(
  units: readonly (DepthEffect | null)[],
  { factor = 1.5, isFlatDevice = false }: { readonly factor?: number; readonly isFlatDevice?: boolean } = {},
): readonly boolean[] {
  const prices = units.map((unit) => (unit === null ? null : priceOf(unit)));
  const usual = median(prices.filter((price) => price !== null));
  const optional = units.flatMap((unit, at) => (unit === null ? [] : [at]));
  const spared = isFlatDevice ? [] : optional.slice(-2);
  return prices.map(
    (price, at) => price !== null && price > 0 && price > factor * usual && !spared.includes(at),
  );
}

function priceOf({ latency, accuracy }: DepthEffect): number {
  if (latency <= 0) return 0;
  return accuracy > 0 ? latency / accuracy : Infinity;
}
