/** The largest magnitude of a symmetric 8-bit number: −128 is left out, so that a number and its negative are both there. */
const LARGEST = 127;

/**
 * The largest magnitude of a weight whose products processors without VNNI may add in pairs of 16 bits: two products of it with
 * an unsigned 8-bit activation are 2 × 255 × 64 = 32,640, which 16 bits hold.
 */
export const LARGEST_IN_PAIRS = 64;

/** Numbers as `scale` × an integer. */
export interface QuantisedWeight {
  readonly values: Int8Array;
  /** One a channel, or one alone. */
  readonly scales: Float32Array;
}

/** What an activation's 8-bit numbers mean: scale × (q − zero). */
export interface ActivationScale {
  readonly scale: number;
  readonly zero: number;
}

/** Smallest and largest number that a value takes. */
export interface ActivationRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Symmetric around 0 (Jacob et al. 2018): the largest magnitude of a channel, or of the tensor when `groups` is 1, becomes `most`.
 * `weights` is row-major with `groups` equal parts.
 */
export function quantiseWeight(weights: Float32Array, groups: number, most = LARGEST): QuantisedWeight {
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(groups);
  const length = weights.length / groups;
  for (let group = 0; group < groups; group++) {
    const [start, end] = [group * length, (group + 1) * length];
    let largest = 0;
    for (let at = start; at < end; at++) largest = Math.max(largest, Math.abs(weights[at] ?? NaN));
    const scale = Math.fround(largest / most) || 1;
    scales[group] = scale;
    for (let at = start; at < end; at++)
      values[at] = clamp(Math.round((weights[at] ?? NaN) / scale), -most, most);
  }
  return { values, scales };
}

/** A bias in the accumulator's unit, input scale × weight scale. */
export function quantiseBias(bias: Float32Array, scales: Float32Array): Int32Array {
  return Int32Array.from(bias, (value, channel) =>
    clamp(Math.round(value / (scales[channel] ?? NaN)), -0x8000_0000, 0x7fff_ffff),
  );
}

/** The whole range on 0 … 255; 0 is always a number of its own, as padding is zeros. */
export function activationScale({ min, max }: ActivationRange): ActivationScale {
  const [low, high] = [Math.min(0, min), Math.max(0, max)];
  const scale = Math.fround((high - low) / 255) || 1;
  return { scale, zero: clamp(Math.round(-low / scale), 0, 255) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
