import { companionsOf, isJoin, joinOf } from './kernel-network.js';
import { byFamily } from './sampling.js';
import { familyOf, kernelCosts, kernelKey, type Kernel, type KernelFamily } from './kernel.js';
import { fitRegressor, predictWith, type Regressor, type TimedKernel } from './regressor.js';

/** Lengths at which a kernel is measured: one, and as many as make a few milliseconds, by its costs alone. */
export function copiesOf(kernel: Kernel): readonly [one: number, many: number] {
  const { macs, reads, writes } = kernelCosts(kernel);
  const guessMs = macs / MACS_PER_MS + (reads + writes) / NUMBERS_PER_MS;
  return [1, Math.min(MOST_COPIES, 1 + Math.max(1, Math.floor(LONG_MS / guessMs)))];
}

/** A slow core of these days; only the number of copies hangs on it. */
const MACS_PER_MS = 20e6;
const NUMBERS_PER_MS = 1e6;
const LONG_MS = 3;
const MOST_COPIES = 8;

/** Time of a number of copies, milliseconds. */
export interface TimedCopies {
  readonly kernel: Kernel;
  readonly copies: number;
  readonly ms: number;
}

/**
 * Time of each kernel measured at two lengths: the slope, less what joins its copies. Noise can push the slope of a tiny kernel to 0 or
 * below, which none costs: it is at least a hundredth of the time of one copy with its call. Kernels of one length are left out.
 */
export function kernelTimes(measured: readonly TimedCopies[]): readonly TimedKernel[] {
  const lengths = new Map<string, TimedCopies[]>();
  for (const each of measured) {
    const key = kernelKey(each.kernel);
    lengths.set(key, [...(lengths.get(key) ?? []), each]);
  }
  const slopes = [...lengths.values()].flatMap((results): TimedKernel[] => {
    const [short, ...longer] = results.toSorted((a, b) => a.copies - b.copies);
    const long = longer.at(-1);
    if (short === undefined || long === undefined || long.copies === short.copies) return [];
    const slope = (long.ms - short.ms) / (long.copies - short.copies);
    return [{ kernel: short.kernel, ms: Math.max(slope, short.ms / short.copies / 100) }];
  });
  const plain = slopes.filter(({ kernel }) => companionsOf(kernel).length === 0);
  const companionMs = companionTimes(plain);
  return slopes.map(({ kernel, ms }) => {
    const others = companionsOf(kernel).reduce((sum, companion) => sum + companionMs(companion), 0);
    return { kernel, ms: Math.max(ms - others, ms / 10) };
  });
}

/** Kernels to measure besides, so that what joins copies of these is known. */
export function calibrationKernels(kernels: readonly Kernel[]): readonly Kernel[] {
  const companions = kernels.flatMap(companionsOf);
  const joins = companions.some(isJoin) ? JOIN_CHANNELS.map((channels) => joinOf(JOIN_SIZE, channels)) : [];
  const needed = [...companions.filter((kernel) => !isJoin(kernel)), ...joins];
  const known = new Set(kernels.map(kernelKey));
  return [...new Map(needed.map((kernel) => [kernelKey(kernel), kernel])).values()].filter(
    (kernel) => !known.has(kernelKey(kernel)),
  );
}

const JOIN_CHANNELS = [16, 256, 1024];
const JOIN_SIZE = 28;

function companionTimes(plain: readonly TimedKernel[]): (kernel: Kernel) => number {
  const exact = new Map(plain.map(({ kernel, ms }) => [kernelKey(kernel), ms]));
  const joins = plain.filter(({ kernel }) => isJoin(kernel));
  const families = byFamily(plain.filter(({ kernel }) => !isJoin(kernel)).map(({ kernel }) => kernel));
  const fitted = new Map<KernelFamily, Regressor>();
  const regressorOf = (family: KernelFamily): Regressor | null => {
    const kernels = families.get(family);
    if (kernels === undefined) return null;
    const regressor =
      fitted.get(family) ??
      fitRegressor(
        family,
        plain.filter(({ kernel }) => kernels.includes(kernel)),
        ['linear'],
      );
    fitted.set(family, regressor);
    return regressor;
  };
  return (kernel) => {
    if (isJoin(kernel)) return interpolated(joins, kernel.channelsIn);
    const known = exact.get(kernelKey(kernel));
    if (known !== undefined) return known;
    const regressor = regressorOf(familyOf(kernel));
    return regressor === null ? 0 : predictWith(regressor, kernel);
  };
}

/** Linear in the channels between the joins measured, as beyond; 0 when there is none. */
function interpolated(joins: readonly TimedKernel[], channels: number): number {
  const points = joins.map(({ kernel, ms }) => [kernel.channelsIn, ms] as const).sort((a, b) => a[0] - b[0]);
  const [first, second] =
    points.length < 2 ? [] : points.slice(Math.max(0, points.findIndex(([at]) => at >= channels) - 1));
  const [low, high] = [first ?? points.at(0), second ?? points.at(-1)];
  if (low === undefined || high === undefined) return 0;
  if (low[0] === high[0]) return low[1];
  const ms = low[1] + ((channels - low[0]) * (high[1] - low[1])) / (high[0] - low[0]);
  return Math.max(ms, Math.min(low[1], high[1]) / 2);
}
