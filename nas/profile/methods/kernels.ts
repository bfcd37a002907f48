import { networkOf } from '../../graph/index.js';
import { positionsOf, type SearchSpace } from '../../space/index.js';
import { corrected } from '../correction.js';
import { ProfileError } from '../error.js';
import {
  DEFAULT_SAMPLING,
  firstStage,
  nextKernels,
  rulesOf,
  type KernelSampling,
} from '../kernels/campaign.js';
import { kernelKey, type Kernel } from '../kernels/kernel.js';
import { predictionError } from '../kernels/metrics.js';
import { fitPredictor, Prediction, type KernelPredictor } from '../kernels/predictor.js';
import { storePredictor } from '../kernels/stored-predictor.js';
import { predictedTable } from '../kernels/table.js';
import { copiesOf, kernelTimes, type TimedCopies } from '../kernels/times.js';
import { fitAndHeldOut, planOf } from '../networks.js';
import { blockRepeatability, measuredNetworks, qualityOf } from '../quality.js';
import { FLOOR_ESTIMATOR, robustFloor, roundMinima } from '../statistics.js';
import type { MeasuredSubject, PlannedSubject, ProfileEstimate, ProfilingMethod } from './method.js';
import { OptionReader, type CommonOptions } from './options.js';

/**
 * After nn-Meter (Zhang et al. 2021): which operators the device executes as one is found by timing pairs; then the kernels of the
 * space are sampled and timed, near the badly predicted ones more; a network is the sum of its predicted kernels. Whole networks are
 * measured to scale that sum and to judge it. Options besides the common ones: `kernels`, `drawnShare`, `refinements`,
 * `perRefinement` and `perMiss` (`KernelSampling`). Only for spaces whose widths and resolution are no choices, as the table is.
 */
export const kernels: ProfilingMethod = {
  plan(space, options) {
    const { batch, kernels: count, refinements, perRefinement, ...common } = optionsOf(options);
    refuseDependent(space);
    const first = [...subjectsOf(firstStage()), ...fitAndHeldOut(space, { batch, ...common })];
    const { subjects, estimatedSeconds } = planOf(space, first, batch);
    const later = SECONDS_A_KERNEL * (count + refinements * perRefinement);
    return { subjects, estimatedSeconds: Math.ceil(estimatedSeconds + later) };
  },

  next(space, options, results) {
    return subjectsOf(nextKernels(space, optionsOf(options), timedCopies(results)));
  },

  estimate(space, options, results): ProfileEstimate {
    optionsOf(options);
    const timed = timedCopies(results);
    const times = kernelTimes(timed);
    if (times.length === 0)
      throw new ProfileError('PROFILE_MISSING_RESULT', 'no kernel was measured at two lengths');
    const predictor = fitPredictor(rulesOf(timed), times);
    const uncorrected = predictedTable(space, predictor);
    const { fit } = measuredNetworks(results);
    const table = corrected(space, uncorrected, fit);
    const words = `${FLOOR_ESTIMATOR}; kernel = slope over copies; block = sum of its kernels`;
    return {
      table,
      uncorrected,
      intervalMs: null,
      isolatedMs: null,
      interceptMs: null,
      estimator: table === uncorrected ? words : `${words}; scaled to whole networks`,
      quality: qualityOf(results, {
        table,
        uncorrected,
        repeatability: blockRepeatability(
          results.filter(({ subject }) => subject.kind === 'KERNEL'),
          (subjects, floors) => kernelTimes(timedCopies(subjects, floors)).map(({ ms }) => ms),
        ),
      }),
      details: {
        predictor: storePredictor(predictor),
        networks: directPrediction(space, predictor, results),
      },
    };
  },
};

/** Two lengths of each, as measured on a quiet processor. */
const SECONDS_A_KERNEL = 0.5;

function optionsOf(value: unknown): CommonOptions & KernelSampling {
  const reader = new OptionReader(value);
  const { kernels: count, drawnShare, refinements, perRefinement, perMiss } = DEFAULT_SAMPLING;
  const options = {
    ...reader.common(),
    kernels: reader.integer('kernels', count, 8, 20_000),
    drawnShare: reader.number('drawnShare', drawnShare, 0, 1),
    refinements: reader.integer('refinements', refinements, 0, 20),
    perRefinement: reader.integer('perRefinement', perRefinement, 1, 5000),
    perMiss: reader.integer('perMiss', perMiss, 1, 50),
  };
  reader.done();
  return options;
}

function refuseDependent(space: SearchSpace): void {
  const dependent = positionsOf(space).find(({ kind }) => kind === 'width' || kind === 'resolution');
  if (dependent !== undefined)
    throw new ProfileError(
      'PROFILE_NOT_ADDITIVE',
      `the latency of a block depends on ${dependent.name}: keep one choice there to sum the kernels of blocks`,
    );
}

function subjectsOf(chosen: readonly Kernel[]): readonly PlannedSubject[] {
  const distinct = [...new Map(chosen.map((kernel) => [kernelKey(kernel), kernel])).values()];
  return distinct.flatMap((kernel) =>
    copiesOf(kernel).map((copies): PlannedSubject => ({
      subject: { kind: 'KERNEL', kernel, copies },
      purpose: 'BLOCK',
    })),
  );
}

function timedCopies(
  results: readonly MeasuredSubject[],
  floors?: readonly number[],
): readonly TimedCopies[] {
  return results.flatMap(({ subject, rounds }, at): TimedCopies[] => {
    if (subject.kind !== 'KERNEL') return [];
    const { kernel, copies } = subject;
    return [{ kernel, copies, ms: floors?.[at] ?? robustFloor(roundMinima(rounds)) }];
  });
}

/** Whole networks predicted from their own kernels, without the table: what it says of networks that were held out. */
function directPrediction(
  space: SearchSpace,
  predictor: KernelPredictor,
  results: readonly MeasuredSubject[],
): Readonly<Record<string, unknown>> {
  const { heldOut } = measuredNetworks(results);
  const prediction = new Prediction(predictor);
  const predicted = heldOut.map(({ encoding }) => prediction.network(networkOf(space, encoding)));
  return {
    coverage: Math.min(1, ...predicted.map(({ coverage }) => coverage)),
    warnings: [...new Set(predicted.flatMap(({ warnings }) => warnings))].slice(0, 20),
    error: predictionError(
      heldOut.map(({ measuredMs }) => measuredMs),
      predicted.map(({ ms }) => ms),
    ),
  };
}
