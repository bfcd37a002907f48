import { encodingKey, typicalEncoding } from '../../space/index.js';
import { blockFamiliesOf } from '../base-networks/families.js';
import { correctionLut, lutSubjects } from '../base-networks/correction-lut.js';
import { corrected } from '../correction.js';
import { fitAndHeldOut, planOf } from '../networks.js';
import { blockRepeatability, measuredNetworks, qualityOf } from '../quality.js';
import { FLOOR_ESTIMATOR, robustFloor, roundMinima } from '../statistics.js';
import { subjectKey } from '../subject.js';
import type { MeasuredSubject, PlannedSubject, ProfileEstimate, ProfilingMethod } from './method.js';
import { OptionReader, type CommonOptions } from './options.js';

/**
 * After Zeng et al. 2020 (BBSSP): the base network of typical blocks, every network that swaps one of them, and the base network
 * without each layer. A block's latency is what it changes within the network (layer-adaptive correction), so that neither the
 * cost of a call nor what a runtime fuses misleads. Common options only.
 */
export const baseNetworks: ProfilingMethod = {
  plan(space, options) {
    const common = optionsOf(options);
    const own = lutSubjects(space).map((subject): PlannedSubject => ({ subject, purpose: 'BLOCK' }));
    const taken = new Set(own.map(({ subject }) => subjectKey(subject)));
    const networks = fitAndHeldOut(space, common).filter(({ subject }) => !taken.has(subjectKey(subject)));
    return planOf(space, [...own, ...networks], common.batch);
  },

  estimate(space, options, results): ProfileEstimate {
    optionsOf(options);
    const blocks = results.filter(({ purpose }) => purpose === 'BLOCK');
    const floors = blocks.map(({ rounds }) => robustFloor(roundMinima(rounds)));
    const { table: uncorrected, ...found } = correctionLut(space, byKey(blocks, floors));
    const table = corrected(space, uncorrected, measuredNetworks(results).fit);
    const words = `${FLOOR_ESTIMATOR}; block = its change of a base network`;
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
        repeatability: blockRepeatability(blocks, (subjects, halves) =>
          correctionLut(space, byKey(subjects, halves)).table.layers.flat(),
        ),
      }),
      details: {
        baseNetwork: encodingKey(typicalEncoding(space)),
        baseNetworkMs: found.baseNetworkMs,
        baseMs: found.baseMs,
        corrections: found.corrections,
        families: blockFamiliesOf(space),
      },
    };
  },
};

function optionsOf(value: unknown): CommonOptions {
  const reader = new OptionReader(value);
  const options = reader.common();
  reader.done();
  return options;
}

function byKey(subjects: readonly MeasuredSubject[], floors: readonly number[]): ReadonlyMap<string, number> {
  return new Map(subjects.map(({ subject }, at) => [subjectKey(subject), floors[at] ?? NaN]));
}
