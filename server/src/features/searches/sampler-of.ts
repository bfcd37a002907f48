import { predictLatency } from '@espalier/nas/profile';
import { predictedFront, shrunkenEffects } from '@espalier/nas/prune';
import type { ParsedSpace } from '@espalier/nas/format';
import type { Encoding } from '@espalier/nas/space';
import type { Evaluated, Limit, Sampler } from '@espalier/nas/search';
import type { DeviceProfileRow } from '../profiles/entities.js';
import type { SearchRunRow } from './entities.js';
import type { Beginning } from './samplers/entry.js';
import { SAMPLERS } from './samplers/registry.js';
import { withFallbacks } from './samplers/setting.js';

/** What a run's sampler follows from: all of it stays as it was when the run began. */
export interface SamplerSubject {
  readonly run: SearchRunRow;
  readonly parsed: ParsedSpace;
  readonly profile: Pick<DeviceProfileRow, 'latencyTable'>;
  /** What pruning evaluated, then what the run that this one begins with did, in these orders. */
  readonly known: readonly Evaluated[];
  readonly limits: readonly Limit[];
  /** Share of the choices that pruning removed. */
  readonly ratio: number;
}

/** The run's sampler as its checkpoint left it; without one, at its beginning. */
export function samplerOf(subject: SamplerSubject, checkpoint: Uint8Array | null): Sampler {
  const { begin, restore } = SAMPLERS[subject.run.sampler];
  const beginning = beginningOf(subject);
  return checkpoint ? restore(beginning, checkpoint) : begin(beginning);
}

function beginningOf({ run, parsed, profile, known, limits, ratio }: SamplerSubject): Beginning {
  return {
    ...parsed,
    seed: run.seed,
    settings: withFallbacks(SAMPLERS[run.sampler].settings, run.settings),
    limits,
    known,
    first: run.predictedFront ? likelyFront(run.id, parsed, profile, known) : [],
    latencyOf: (encoding) => predictLatency(profile.latencyTable, encoding),
    blockLatencyMs: profile.latencyTable.layers,
    ratio,
  };
}

/** Of the runs taken up last: requests of trainers take up the same run again and again. */
const fronts = new Map<string, readonly Encoding[]>();
const REMEMBERED = 100;

/** What was evaluated before says where the frontier should be. */
function likelyFront(
  runId: string,
  { space, kept }: ParsedSpace,
  profile: Pick<DeviceProfileRow, 'latencyTable'>,
  known: readonly Evaluated[],
): readonly Encoding[] {
  const front =
    fronts.get(runId) ??
    predictedFront(space, kept, shrunkenEffects(space, known).effect, profile.latencyTable.layers);
  fronts.delete(runId);
  fronts.set(runId, front);
  const [oldest] = fronts.keys();
  if (fronts.size > REMEMBERED && oldest !== undefined) fronts.delete(oldest);
  return front;
}
