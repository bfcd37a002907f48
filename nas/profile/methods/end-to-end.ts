import {
  blockResponses,
  choiceMeasure,
  choiceProbabilities,
  expectedSum,
  placementEffects,
  positionsOf,
  spaceSize,
  type DepthGuard,
  type Encoding,
  type SearchSpace,
} from '../../space/index.js';
import { balancedNetworks } from '../end-to-end/balanced-networks.js';
import { checkInteractions } from '../end-to-end/interactions.js';
import { networksNeeded } from '../end-to-end/networks-needed.js';
import { sampledResponses, samplePlacements, type SampleSummary } from '../end-to-end/placement-samples.js';
import {
  fitAdditive,
  type AdditiveFit,
  type ChoiceShares,
  type Strengths,
} from '../end-to-end/regression.js';
import { ProfileError } from '../error.js';
import { distinctNetworks, planOf } from '../networks.js';
import { blockRepeatability, measuredNetworks, qualityOf } from '../quality.js';
import { FLOOR_ESTIMATOR } from '../statistics.js';
import type { MeasuredSubject, PlannedSubject, ProfileEstimate, ProfilingMethod } from './method.js';
import { badOption, OptionReader, type CommonOptions } from './options.js';

/**
 * After Mills et al. 2021: only whole networks are measured, so that it serves every space, also with widths and resolutions to
 * choose. From the same networks come their sampling estimator and a regression, which needs far fewer and becomes the table.
 * Options besides the common ones: `depthGuard` (strict, repaired, released) of the sampling estimator.
 */
export const endToEnd: ProfilingMethod = {
  plan(space, options) {
    const { fitNetworks, heldOutNetworks, batch, seed } = optionsOf(space, options);
    const held = distinctNetworks(space, heldOutShare(space, fitNetworks, heldOutNetworks), seed);
    const subject = (purpose: PlannedSubject['purpose']): ((encoding: Encoding) => PlannedSubject) => {
      return (encoding) => ({ subject: { kind: 'NETWORK', encoding }, purpose });
    };
    const fit = balancedNetworks(space, fitNetworks, seed, held);
    return planOf(space, [...fit.map(subject('FIT')), ...held.map(subject('HELD_OUT'))], batch);
  },

  estimate(space, options, results): ProfileEstimate {
    const { depthGuard } = optionsOf(space, options);
    const { fit, heldOut } = measuredNetworks(results);
    if (fit.length < FEWEST)
      throw new ProfileError(
        'PROFILE_MISSING_RESULT',
        `needs at least ${String(FEWEST)} whole networks to fit, got ${String(fit.length)}`,
      );
    const additive = fitAdditive(space, fit);
    const { table, intervalMs, strengths } = additive;
    return {
      table,
      uncorrected: table,
      intervalMs,
      isolatedMs: null,
      interceptMs: null,
      estimator: `${FLOOR_ESTIMATOR}; block = additive effect on whole networks by ridge regression`,
      quality: qualityOf(results, {
        table,
        uncorrected: table,
        repeatability: repeatabilityOf(space, results, strengths),
      }),
      details: {
        depthGuard,
        noiseRatio: additive.noiseRatio,
        ...responsesOf(space, fit, additive, depthGuard),
        interactions: checkInteractions(space, additive, fit, heldOut),
      },
    };
  },
};

const FEWEST = 4;

/** A fit's time grows with the cube of their number. */
const MOST = 1500;

/** Half-widths, ratios of the mean network, for which the numbers of networks are told. */
const HALF_WIDTHS = [0.05, 0.02, 0.01];

const NORMAL_95 = 1.96;

function optionsOf(space: SearchSpace, value: unknown): CommonOptions & { readonly depthGuard: DepthGuard } {
  const reader = new OptionReader(value);
  const depthGuard = reader.oneOf('depthGuard', 'strict', ['strict', 'repaired', 'released'] as const);
  const options = { ...reader.common({ fitNetworks: usualNetworks(space) }), depthGuard };
  reader.done();
  if (options.fitNetworks < FEWEST || options.fitNetworks > MOST)
    throw badOption(`fitNetworks: expected an integer from ${String(FEWEST)} to ${String(MOST)}`);
  return options;
}

/** Half as many again as there are differences between choices, between 40 and 400. */
function usualNetworks(space: SearchSpace): number {
  const differences = positionsOf(space).reduce((sum, { choices }) => sum + choices.length - 1, 0);
  return Math.min(400, Math.max(40, Math.ceil(1.5 * differences)));
}

/** In a space with fewer networks than wanted, both parts shrink alike. */
function heldOutShare(space: SearchSpace, fit: number, heldOut: number): number {
  const size = spaceSize(space);
  if (size >= BigInt(fit + heldOut)) return heldOut;
  return Math.floor((Number(size) * heldOut) / (fit + heldOut));
}

/** Everything that Mills et al. report of placements and blocks, by both estimators, as plain JSON. */
function responsesOf(
  space: SearchSpace,
  fit: Parameters<typeof samplePlacements>[1],
  additive: AdditiveFit,
  guard: DepthGuard,
): Readonly<Record<string, unknown>> {
  const { layers, fixedMs } = additive.table;
  const samples = samplePlacements(space, fit, guard);
  const effects = placementEffects(space, (measure) => expectedSum(measure, layers, fixedMs), { guard });
  const base = choiceProbabilities(choiceMeasure(space));
  const shares = effects.map(({ held }): ChoiceShares => {
    const chances = choiceProbabilities(choiceMeasure(space, { held, guard }));
    return chances.map((each, at) => each.map((chance, choice) => chance - (base[at]?.[choice] ?? 0)));
  });
  const deviations = additive.deviationsMs(shares);
  const regressed = blockResponses(effects);
  return {
    all: samples.all,
    responses: sampledResponses(samples, fit).map(({ block, meanMs, standardErrorMs, placements }) => ({
      block,
      regressionMs: regressed.get(block) ?? null,
      sampledMs: meanMs,
      standardErrorMs: finite(standardErrorMs),
      placements,
    })),
    placements: effects.map(({ block, held, effect }, at) => {
      const sample = samples.placements[at]?.sample ?? null;
      return {
        block,
        held,
        regressionMs: effect,
        halfWidthMs: NORMAL_95 * (deviations[at] ?? NaN),
        sample: sample === null ? null : described(sample, samples.all),
      };
    }),
    networksNeeded: networksNeeded(HALF_WIDTHS, space, fit, shares, samples),
  };
}

function described(sample: SampleSummary, all: SampleSummary): Readonly<Record<string, unknown>> {
  return {
    ...sample,
    deviationMs: finite(sample.deviationMs),
    standardErrorMs: finite(sample.standardErrorMs),
    effectMs: sample.meanMs - all.meanMs,
    p5EffectMs: sample.percentilesMs.p5 - all.percentilesMs.p5,
    p95EffectMs: sample.percentilesMs.p95 - all.percentilesMs.p95,
  };
}

/** JSON has no NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function repeatabilityOf(
  space: SearchSpace,
  results: readonly MeasuredSubject[],
  strengths: Strengths,
): ReturnType<typeof blockRepeatability> {
  const fitted = results.filter(({ subject, purpose }) => subject.kind === 'NETWORK' && purpose === 'FIT');
  return blockRepeatability(fitted, (subjects, floors) => {
    const networks = subjects.flatMap(({ subject }, at) =>
      subject.kind === 'NETWORK' ? [{ encoding: subject.encoding, measuredMs: floors[at] ?? NaN }] : [],
    );
    return fitAdditive(space, networks, [strengths]).table.layers.flat();
  });
}
