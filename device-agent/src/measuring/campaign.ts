import { referenceNetwork, seededWeights, toOnnx } from '@espalier/nas/graph';
import { createRandom, shuffled } from '@espalier/nas/stats';
import type { HeldDevice, HoldEvent, MeasuringDevice } from './device.js';
import { metered } from './inside-time.js';
import { gaugeReference, type ReferenceGauge } from './reference.js';
import { measureGroup, type GroupLimits } from './group.js';
import { instability } from './instability.js';
import { markLoad } from './load-marks.js';
import { SubjectRecord, type CampaignSubject, type SubjectResult } from './subject-record.js';

export type { CampaignSubject, SubjectResult } from './subject-record.js';

export interface CampaignOptions extends Partial<CampaignLimits> {
  readonly device: MeasuringDevice;
  /** Items per run of the reference network: the target's batch. */
  readonly batch: number;
  /** Order of the subjects within each round. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Ends the campaign after the round at hand; what it has by then is its result. */
  readonly finish?: AbortSignal;
}

export interface CampaignLimits extends GroupLimits {
  /** Every subject is visited this often, each time with a new session: where memory comes to lie is luck, too. */
  readonly passes: number;
  /** Further passes for subjects whose floor is not known well enough. */
  readonly extraPasses: number;
  /** Half-width of the floor's 95 % interval at which a subject needs no further pass, as a ratio. */
  readonly targetRatio: number;
  /** Sessions held at once. */
  readonly sessions: number;
  /**
   * Wall time a subject, milliseconds: when all have used theirs, the second and later passes end, so that a crowded machine
   * costs precision, not hours. The first pass is always completed.
   */
  readonly subjectMs: number;
  /** Where subjects themselves take long: time for all passes, as a multiple of the first one's. The longer of the two counts. */
  readonly passesRatio: number;
}

export const DEFAULT_LIMITS: CampaignLimits = {
  passes: 3,
  extraPasses: 2,
  targetRatio: 0.01,
  sessions: 24,
  subjectMs: 320,
  passesRatio: 3,
  roundsPerVisit: 3,
  roundMs: 10,
  minRuns: 4,
  maxRuns: 60,
  warmUpMs: 15,
  driftRatio: 0.03,
  maxRepeats: 2,
};

export interface CampaignResult {
  /** In the order of the subjects. */
  readonly subjects: readonly SubjectResult[];
  /** Every reading of the reference network in order, milliseconds. */
  readonly referenceMs: readonly number[];
  /** From the moment that the device was held, waiting for quiet between groups left out. */
  readonly wallMs: number;
  /** Time in which the runtime ran a network: every run of every subject and of the reference, warming up included. */
  readonly insideMs: number;
}

export type CampaignEvent =
  | HoldEvent
  | { readonly kind: 'MEASURED'; readonly pass: number; readonly done: number; readonly total: number }
  | { readonly kind: 'REPEATING'; readonly movedRatio: number; readonly subjects: number };

/**
 * Measures the subjects, alone on the device, by the rules of docs/measurement.md: several visits with new sessions, each of
 * several rounds in a fresh random order, the reference network around every round, rounds repeated when it moved. A subject
 * that fails has an `error`; the others go on. Rejects with the signal's reason when aborted; leaves no session or lock behind.
 */
export async function measureCampaign(
  subjects: readonly CampaignSubject[],
  options: CampaignOptions,
  onProgress: (event: CampaignEvent) => void = () => undefined,
): Promise<CampaignResult> {
  const { batch, signal, finish } = options;
  const meter = metered(options.device);
  const { device } = meter;
  const stopping = [signal, finish].filter((each) => each !== undefined);
  const held = await device.hold({
    onProgress,
    ...(stopping.length > 0 && { signal: AbortSignal.any(stopping) }),
  });
  try {
    const bytes = toOnnx(referenceNetwork(), { batch, weights: seededWeights(0), batchNorm: 'folded' });
    const reference = await device.load(bytes);
    try {
      const gauge = gaugeReference(reference);
      const limits = { ...DEFAULT_LIMITS, ...options, device };
      const { records, wallMs, crowd } = await measurePasses(subjects, limits, gauge, held, onProgress);
      const unstable = (record: SubjectRecord): string | null =>
        instability(record.rounds, record.floorUncertainty(), gauge, limits.driftRatio, crowd);
      const cut = finish?.aborted === true;
      return {
        subjects: records.map((record) => record.result({ passes: limits.passes, cut, unstable })),
        referenceMs: [...gauge.readingsMs],
        wallMs,
        insideMs: meter.insideMs(),
      };
    } finally {
      await reference.release();
    }
  } finally {
    await held.release();
  }
}

/** Resolves with what was gathered, the wall time without waiting, and what others did at the beginning. */
async function measurePasses(
  subjects: readonly CampaignSubject[],
  options: CampaignLimits & CampaignOptions,
  reference: ReferenceGauge,
  held: HeldDevice,
  onProgress: (event: CampaignEvent) => void,
): Promise<{ records: readonly SubjectRecord[]; wallMs: number; crowd: HeldDevice['crowd'] }> {
  const { signal, finish, device, driftRatio, passes } = options;
  const started = performance.now();
  let waitedMs = 0;
  const random = createRandom(options.seed);
  const records = subjects.map((subject) => new SubjectRecord(subject));
  const load = markLoad(held);
  const needsMore = (record: SubjectRecord): boolean => {
    if (record.error !== null) return false;
    const uncertainty = record.floorUncertainty();
    if (uncertainty > options.targetRatio) return true;
    return instability(record.rounds, uncertainty, reference, driftRatio, null) !== null;
  };
  const onRepeat = (movedRatio: number, again: number): void => {
    onProgress({ kind: 'REPEATING', movedRatio, subjects: again });
  };
  const context = {
    device,
    reference,
    load,
    random,
    onRepeat,
    ...(signal && { signal }),
    ...(finish && { finish }),
  };
  for (let settle = 0; settle < 5; settle++) await reference.read();
  let budgetMs = options.subjectMs * subjects.length;
  for (let pass = 0; pass < passes + options.extraPasses; pass++) {
    const pending = records.filter((record) => (pass < passes ? record.error === null : needsMore(record)));
    if (pending.length === 0) break;
    const order = shuffled(pending, random);
    for (let done = 0; done < order.length;) {
      signal?.throwIfAborted();
      if (finish?.aborted === true) break;
      const spentMs = performance.now() - started - waitedMs;
      if (pass > 0 && spentMs > budgetMs) break;
      if (load.crowd !== null && held.awaitQuiet !== undefined) {
        const began = performance.now();
        await held.awaitQuiet();
        waitedMs += performance.now() - began;
      }
      done += await measureGroup(order.slice(done, done + options.sessions), options, context);
      onProgress({ kind: 'MEASURED', pass, done, total: order.length });
    }
    if (pass === 0)
      budgetMs = Math.max(budgetMs, options.passesRatio * (performance.now() - started - waitedMs));
  }
  return { records, wallMs: performance.now() - started - waitedMs, crowd: held.crowd };
}
