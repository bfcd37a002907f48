import { setImmediate as nextTick } from 'node:timers/promises';
import type { Sampler } from '@espalier/nas/search';
import type { Encoding } from '@espalier/nas/space';
import { EspalierError } from '../../platform/errors.js';
import type { AccuracyLookup } from '../accuracy/index.js';
import { architectureOf } from './architectures.js';
import type { TrialRow } from './entities.js';
import type { Evaluator } from './evaluator.js';
import { isWithin } from './run-limits.js';

/** What of an evaluator a trial follows from beside its accuracy. */
export type Judge = Pick<Evaluator, 'latencyOf' | 'limits'>;

/** Between two looks at the event loop, so that other runs and heartbeats are not held up, milliseconds. */
const STRETCH_MS = 20;
/** Where a sampler thinks long about each network a slice has fewer, milliseconds. */
const MOST_MS = 500;

/** So many architectures one after another that the source does not know end a search: it would find nothing. */
const MOST_UNKNOWN = 20_000;

const tooFew = (): EspalierError =>
  new EspalierError(
    'CONFLICT',
    `The accuracy source knows too few architectures of this space: ${MOST_UNKNOWN} in a row were not in it. Search a pruned space that it covers, or use a source that answers for all.`,
  );

/** The next trials, `count` or what there is time for but at least one, from a source that answers at once; `done` came before. */
export async function lookedUpSlice(
  sampler: Sampler,
  judge: Judge,
  accuracyOf: AccuracyLookup,
  done: number,
  count: number,
): Promise<TrialRow[]> {
  const trials: TrialRow[] = [];
  const started = performance.now();
  let breathed = started;
  let unknown = 0;
  while (trials.length < count && (trials.length === 0 || breathed < started + MOST_MS)) {
    const encoding = sampler.ask();
    const accuracy = accuracyOf(encoding);
    if (accuracy === null) {
      // Of a table that lacks networks, these are passed over: they cost nothing and teach nothing.
      if (++unknown > MOST_UNKNOWN) throw tooFew();
    } else {
      trials.push(learn(sampler, judge, encoding, accuracy, done + trials.length + 1));
      unknown = 0;
    }
    if (performance.now() < breathed + STRETCH_MS) continue;
    await nextTick();
    breathed = performance.now();
  }
  return trials;
}

/** Tells the sampler of an accuracy; the trial. */
export function learn(
  sampler: Sampler,
  judge: Judge,
  encoding: Encoding,
  accuracy: number,
  ordinal: number,
): TrialRow {
  const trial = trialOf(judge, encoding, accuracy, ordinal);
  sampler.tell({ encoding, error: 100 - accuracy, latencyMs: trial.latencyMs });
  return trial;
}

export function trialOf(
  { latencyOf, limits }: Judge,
  encoding: Encoding,
  accuracy: number,
  ordinal: number,
): TrialRow {
  const latencyMs = latencyOf(encoding);
  const withinLimits = isWithin(limits, encoding, accuracy, latencyMs);
  return { ordinal, architecture: architectureOf(encoding), accuracy, latencyMs, withinLimits };
}
