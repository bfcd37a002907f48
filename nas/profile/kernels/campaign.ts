import { networkOf } from '../../graph/index.js';
import { sampleEncoding, type SearchSpace } from '../../space/index.js';
import { createRandom } from '../../stats/index.js';
import { detectKernels } from './detect.js';
import { DEFAULT_PAIRS, fusionKernels, fusionRules, type FusionRules, type Timing } from './fusion.js';
import { isJoin } from './kernel-network.js';
import { familyOf, kernelKey, type Kernel } from './kernel.js';
import { crossValidate } from './regressor.js';
import { byFamily, firstKernels, refiningKernels } from './sampling.js';
import { calibrationKernels, kernelTimes, type TimedCopies } from './times.js';

export interface KernelSampling {
  /** Distinct kernels of the first sample. */
  readonly kernels: number;
  /** Share of them that is drawn around those of the space rather than from them. */
  readonly drawnShare: number;
  /** How often the sample is refined at most, and by how many kernels each time. */
  readonly refinements: number;
  readonly perRefinement: number;
  /** New kernels for one that is predicted badly. */
  readonly perMiss: number;
  readonly seed: number;
}

/** nn-Meter's thousands, scaled to minutes on a processor: two lengths of each kernel take half a second. */
export const DEFAULT_SAMPLING: KernelSampling = {
  kernels: 200,
  drawnShare: 0.25,
  refinements: 2,
  perRefinement: 40,
  perMiss: 4,
  seed: 0,
};

/** A kernel that cross-validation misses by more than this is refined (Zhang et al. 2021). */
export const REFINE_ABOVE = 0.1;

/** What to measure first: what fusion is told by. */
export function firstStage(): readonly Kernel[] {
  return fusionKernels(DEFAULT_PAIRS);
}

export function rulesOf(measured: readonly TimedCopies[]): FusionRules {
  const times = kernelTimes(measured).map(({ kernel, ms }): [string, Timing] => [
    kernelKey(kernel),
    { meanMs: ms, deviationMs: 0 },
  ]);
  return fusionRules(DEFAULT_PAIRS, new Map(times));
}

/**
 * What to measure next, seeing all that was: when only fusion was tested, the first sample of the space's kernels; later kernels near
 * those that cross-validation misses, as long as there are some and the budget lasts; then nothing.
 */
export function nextKernels(
  space: SearchSpace,
  sampling: KernelSampling,
  measured: readonly TimedCopies[],
): readonly Kernel[] {
  const tests = new Set(firstStage().map(kernelKey));
  const timed = kernelTimes(measured);
  const sampled = timed.filter(({ kernel }) => !tests.has(kernelKey(kernel)));
  const known = new Set(timed.map(({ kernel }) => kernelKey(kernel)));
  const random = createRandom(sampling.seed);
  if (sampled.length === 0) {
    const { kernels: count, drawnShare } = sampling;
    const observed = observedKernels(space, rulesOf(measured), sampling.seed);
    const first = firstKernels({ observed, count, drawnShare }, random);
    return [...first, ...calibrationKernels(first)].filter((kernel) => !known.has(kernelKey(kernel)));
  }
  const budget = sampling.kernels + sampling.refinements * sampling.perRefinement - sampled.length;
  const kernels = sampled.map(({ kernel }) => kernel);
  const missed = [...byFamily(kernels).keys()].flatMap((family) => {
    const rows = timed.filter(({ kernel }) => familyOf(kernel) === family && !isJoin(kernel));
    if (rows.length < FEWEST_ROWS) return [];
    const errors = crossValidate(family, 'ratio-forest', rows);
    return rows.flatMap(({ kernel }, at) => (Math.abs(errors[at] ?? 0) > REFINE_ABOVE ? [kernel] : []));
  });
  const count = Math.min(sampling.perRefinement, budget);
  if (count <= 0 || sampling.refinements === 0) return [];
  const { perMiss } = sampling;
  return refiningKernels({ missed, known: timed.map(({ kernel }) => kernel), perMiss, count }, random);
}

const FEWEST_ROWS = 8;

/** Kernels of random networks of the space, one entry for each time that one occurs. */
export function observedKernels(space: SearchSpace, rules: FusionRules, seed: number): readonly Kernel[] {
  const random = createRandom(seed);
  return Array.from({ length: OBSERVED_NETWORKS }, () =>
    networkOf(space, sampleEncoding(space, random)),
  ).flatMap((network) =>
    detectKernels(network, rules).flatMap(({ kernel }) => (kernel === null ? [] : [kernel])),
  );
}

const OBSERVED_NETWORKS = 150;
