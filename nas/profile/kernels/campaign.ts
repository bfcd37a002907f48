import { networkOf } from '../../graph/index.js';
import { sampleEncoding, type SearchSpace } from '../../space/index.js';
import { createRandom } from '../../stats/index.js';
import { detectKernels } from './detect.js';
import { DEFAULT_PAIRS, fusionKernels, fusionRules, type FusionRules, type Timing } from './fusion.js';
import { familyOf, kernelKey, type Kernel } from './kernel.js';
import { isOneKernel } from './predictor.js';
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
  const rules = rulesOf(measured);
  const timed = kernelTimes(measured);
  const known = new Set(timed.map(({ kernel }) => kernelKey(kernel)));
  const random = createRandom(sampling.seed);
  const { kernels: count, drawnShare, refinements, perRefinement, perMiss } = sampling;
  const observed = observedKernels(space, rules, sampling.seed);
  const sample = firstKernels({ observed, count, drawnShare }, random);
  const first = [...sample, ...calibrationKernels(sample)];
  const tests = new Set(firstStage().map(kernelKey));
  const pending = first.filter((kernel) => !tests.has(kernelKey(kernel)));
  // What could not be measured is not asked for again.
  if (!pending.some((kernel) => known.has(kernelKey(kernel)))) return pending;
  for (const kernel of pending) tests.add(kernelKey(kernel));
  const refined = timed.filter(({ kernel }) => !tests.has(kernelKey(kernel))).length;
  // What comes with a refinement to join copies counts with it.
  if (refined >= refinements * perRefinement) return [];
  const rows = timed.filter(({ kernel }) => isOneKernel(kernel, rules));
  const missed = [...byFamily(rows.map(({ kernel }) => kernel)).keys()].flatMap((family) => {
    const own = rows.filter(({ kernel }) => familyOf(kernel) === family);
    if (own.length < FEWEST_ROWS) return [];
    const errors = crossValidate(family, 'ratio-forest', own);
    return own.flatMap(({ kernel }, at) => (Math.abs(errors[at] ?? 0) > REFINE_ABOVE ? [kernel] : []));
  });
  const left = Math.min(perRefinement, refinements * perRefinement - refined);
  const kernels = rows.map(({ kernel }) => kernel);
  const further = refiningKernels({ missed, known: kernels, perMiss, count: left }, random);
  const joins = calibrationKernels([...kernels, ...further]).filter(
    (kernel) => !known.has(kernelKey(kernel)),
  );
  return further.length === 0 ? [] : [...further, ...joins];
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
