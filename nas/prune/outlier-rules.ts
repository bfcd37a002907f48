/** What networks with a block come to on average (Mills et al. 2021, eq. 1): percent, and milliseconds or any other unit. */
export interface BlockResponse {
  readonly accuracy: number;
  readonly latency: number;
}

/** Why a block goes: by which rule, and for R1 and R2 the block that shows it. */
export interface Outlier {
  readonly rule: 'R1' | 'R2' | 'R3';
  readonly against: number | null;
}

/** What published responses are rounded to leaves sums of them this far apart at most. */
const ROUNDING = 1e-9;

/**
 * The automatic form of how Mills et al. 2021 chose blocks by eye, from the responses of a device's blocks; null for one that
 * stays.
 *
 * - R3, flat device: if latencies differ by less than 0.1 %, they are ignored and the third of the blocks (rounded down) with the
 *   lowest accuracy goes, earlier ones first where equal. Else
 * - R1, cost outlier: a block goes whose latency is above 1.04 × the least of those at most 0.05 points less accurate;
 * - R2, dominated: a block goes when another is at least 0.3 % faster and at least 0.01 points more accurate.
 *
 * Responses rounded to whole milliseconds make R2 misfire. RangeError for an accuracy that is not finite or a latency that is
 * not positive.
 */
export function effectOutliers(responses: readonly BlockResponse[]): readonly (Outlier | null)[] {
  responses.forEach(({ accuracy, latency }, block) => {
    if (!Number.isFinite(accuracy) || !(latency > 0 && Number.isFinite(latency)))
      throw new RangeError(
        `block ${String(block)}: accuracy must be finite and latency positive, got ${String(accuracy)} and ${String(latency)}`,
      );
  });
  if (isFlat(responses)) return leastAccurateThird(responses);
  return responses.map((own) => {
    const cheapest = responses
      .map((other, block) => ({ ...other, block }))
      .filter(({ accuracy }) => accuracy >= own.accuracy - 0.05 - ROUNDING)
      .reduce((least, other) => (other.latency < least.latency ? other : least));
    if (own.latency > 1.04 * cheapest.latency) return { rule: 'R1', against: cheapest.block };
    const better = responses.findIndex(
      ({ accuracy, latency }) => latency <= 0.997 * own.latency && accuracy >= own.accuracy + 0.01 - ROUNDING,
    );
    return better < 0 ? null : { rule: 'R2', against: better };
  });
}

/** Whether a device takes as long for one block as for another, within 0.1 %. */
export function isFlat(responses: readonly BlockResponse[]): boolean {
  const latencies = responses.map(({ latency }) => latency);
  const least = Math.min(...latencies);
  return responses.length > 0 && (Math.max(...latencies) - least) / least < 0.001;
}

function leastAccurateThird(responses: readonly BlockResponse[]): readonly (Outlier | null)[] {
  const count = Math.floor(responses.length / 3);
  const order = responses
    .map(({ accuracy }, block) => ({ accuracy, block }))
    .sort((a, b) => a.accuracy - b.accuracy || a.block - b.block);
  const going = new Set(order.slice(0, count).map(({ block }) => block));
  return responses.map((_, block) => (going.has(block) ? { rule: 'R3', against: null } : null));
}
