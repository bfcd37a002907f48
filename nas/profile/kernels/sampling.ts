import { sampleWithoutReplacement, type Random } from '../../stats/index.js';
import { kernelCosts, kernelKey, familyOf, type Kernel, type KernelFamily } from './kernel.js';

export interface FirstSample {
  /** Kernels of the networks to be predicted, one entry for each time that one occurs. */
  readonly observed: readonly Kernel[];
  /** How many distinct kernels to give; fewer where there are no more. */
  readonly count: number;
  /** Share of the sample that is drawn around the observed kernels rather than from them. */
  readonly drawnShare: number;
}

/**
 * The first kernels to measure. nn-Meter draws every dimension by itself from the distribution over published models, as it wants to
 * predict any model and may measure ten thousands; a campaign of minutes does better with the kernels of the space itself, and as
 * many around them as keep the regressors from knowing nothing else. Every family gets a share by its place among the observed
 * kernels (the square root of how many distinct ones there are, so that none is left with too few).
 */
export function firstKernels(
  { observed, count, drawnShare }: FirstSample,
  random: Random,
): readonly Kernel[] {
  const families = byFamily(observed);
  const distinct = [...families.values()].map((kernels) => distinctOf(kernels));
  const weights = distinct.map((kernels) => Math.sqrt(kernels.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = distinct.flatMap((kernels, at) => {
    const share = Math.max(1, Math.round((count * (weights[at] ?? 0)) / total));
    const own = Math.min(kernels.length, Math.ceil(share * (1 - drawnShare)));
    const picked = sampleWithoutReplacement(kernels, own, random);
    const drawn = Array.from({ length: share - picked.length }, () => drawKernel(kernels, random));
    return [...picked, ...drawn.filter((kernel) => kernel !== null)];
  });
  return distinctOf(chosen);
}

/** Each dimension drawn by itself from a family's kernels; null for one that would be larger than all of them. */
function drawKernel(kernels: readonly Kernel[], random: Random): Kernel | null {
  const any = (): Kernel => kernels[random.int(kernels.length)] as Kernel;
  const base = any();
  const kernel = withChannels(
    { ...base, size: any().size, kernel: any().kernel, stride: any().stride },
    any().channelsIn,
    any().channelsOut,
  );
  return kernel !== null && workOf(kernel) <= Math.max(...kernels.map(workOf)) ? kernel : null;
}

export interface Refinement {
  /** Measured kernels that the predictor misses by more than the aim. */
  readonly missed: readonly Kernel[];
  /** Already measured. */
  readonly known: readonly Kernel[];
  readonly perMiss: number;
  readonly count: number;
}

/**
 * New kernels near those that are predicted badly: the same but for the channels, drawn from 0.4 to 1.2 of theirs (Zhang et al. 2021),
 * as time jumps where channels pass a multiple of what the hardware takes at once. Where the networks' channels are multiples of 8, so
 * are the drawn ones: others take up to three times as long and would tell nothing of those.
 */
export function refiningKernels(
  { missed, known, perMiss, count }: Refinement,
  random: Random,
): readonly Kernel[] {
  const seen = new Set(known.map(kernelKey));
  const step = channelStep(known);
  const found: Kernel[] = [];
  // A small kernel has few neighbours: some draws give what is known.
  for (let attempt = 0; attempt < 4 * perMiss; attempt++)
    for (const kernel of missed) {
      if (found.length === count) return found;
      const draw = (channels: number): number =>
        step * Math.max(1, Math.round((channels * (LEAST_CHANNELS + CHANNELS_SPAN * random.float())) / step));
      const drawn = withChannels(kernel, draw(kernel.channelsIn), draw(kernel.channelsOut));
      const key = drawn === null ? '' : kernelKey(drawn);
      if (drawn === null || seen.has(key)) continue;
      seen.add(key);
      found.push(drawn);
    }
  return found;
}

/** The largest power of two, up to 8, that most of the kernels' channels are multiples of. */
function channelStep(kernels: readonly Kernel[]): number {
  const channels = kernels.flatMap(({ channelsIn, channelsOut }) => [channelsIn, channelsOut]);
  const most = (step: number): boolean =>
    channels.filter((count) => count % step === 0).length >= MOST * channels.length;
  return [8, 4, 2].find(most) ?? 1;
}

const MOST = 0.9;
const LEAST_CHANNELS = 0.4;
const CHANNELS_SPAN = 0.8;

/** The kernel with other channels, rounded to what its groups allow; null where that leaves none. */
function withChannels(kernel: Kernel, channelsIn: number, channelsOut: number): Kernel | null {
  switch (familyOf(kernel)) {
    case 'conv': {
      const { groups } = kernel;
      const fit = (channels: number): number => groups * Math.round(channels / groups);
      const changed = { ...kernel, channelsIn: fit(channelsIn), channelsOut: fit(channelsOut) };
      return changed.channelsIn > 0 && changed.channelsOut > 0 ? changed : null;
    }
    case 'fully-connected':
      return { ...kernel, channelsIn, channelsOut };
    case 'depthwise-conv':
      return { ...kernel, channelsIn, channelsOut: channelsIn, groups: channelsIn };
    case 'channel-shuffle': {
      const channels = kernel.groups * Math.round(channelsIn / kernel.groups);
      return channels > 0 ? { ...kernel, channelsIn: channels, channelsOut: channels } : null;
    }
    case 'squeeze-excite': {
      const squeeze = Math.max(1, Math.round((kernel.squeeze * channelsIn) / kernel.channelsIn));
      return { ...kernel, channelsIn, channelsOut: channelsIn, squeeze };
    }
    default:
      return { ...kernel, channelsIn, channelsOut: channelsIn };
  }
}

/** In the order in which families first occur. */
export function byFamily(kernels: readonly Kernel[]): ReadonlyMap<KernelFamily, readonly Kernel[]> {
  const families = new Map<KernelFamily, Kernel[]>();
  for (const kernel of kernels) {
    const family = familyOf(kernel);
    const known = families.get(family);
    if (known === undefined) families.set(family, [kernel]);
    else known.push(kernel);
  }
  return families;
}

function workOf(kernel: Kernel): number {
  const { macs, reads, writes } = kernelCosts(kernel);
  return macs + reads + writes;
}

function distinctOf(kernels: readonly Kernel[]): readonly Kernel[] {
  return [...new Map(kernels.map((kernel) => [kernelKey(kernel), kernel])).values()];
}
