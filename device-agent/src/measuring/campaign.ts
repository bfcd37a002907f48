import { referenceNetwork, seededWeights, toOnnx } from '@espalier/nas/graph';
import { createRandom, shuffled } from '@espalier/nas/stats';
import type { HoldEvent, MeasuringDevice } from './device.js';
import type { LoadReading } from './foreign-load.js';
import { gaugeReference, type ReferenceGauge } from './reference.js';
import { clocked } from './inside-time.js';
import { measureGroup, type GroupLimits } from './group.js';
import { instability } from './instability.js';
import { SubjectRecord, type CampaignSubject, type SubjectResult } from './subject-record.js';

export type { CampaignSubject, SubjectResult } from './subject-record.js';

export interface CampaignOptions extends Partial<CampaignLimits> {
  readonly device: MeasuringDevice;
  /** Items per run of the reference network: the target's batch. */
  readonly batch: number;
  /** Order of the subjects within each round. */
  readonly seed: number;
  readonly signal?: AbortSignal;
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
}

export const DEFAULT_LIMITS: CampaignLimits = {
  passes: 3,
  extraPasses: 2,
  targetRatio: 0.01,
  sessions: 24,
  subjectMs: 320,
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
  readonly wallMs: number;
  /** Of `wallMs`, what was spent inside inference: also warming up and on the reference. */
  readonly insideMs: number;
}

export type CampaignEvent =
  | HoldEvent
  | { readonly kind: 'MEASURED'; readonly pass: number; readonly done: number; readonly total: number }
  | { readonly kind: 'REPEATING'; readonly movedRatio: number };

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
  const limits = { ...DEFAULT_LIMITS, ...options };
  const { batch, signal } = options;
  const { device, insideMs } = clocked(options.device);
  const held = await device.hold({ onProgress, ...(signal === undefined ? {} : { signal }) });
  try {
    const bytes = toOnnx(referenceNetwork(), { batch, weights: seededWeights(0), batchNorm: 'folded' });
    const reference = await device.load(bytes);
    try {
      const measured = await measurePasses(
        subjects,
        { ...limits, ...options, device },
        gaugeReference(reference),
        held.crowd,
        onProgress,
      );
      return { ...measured, insideMs: insideMs() };
    } finally {
      await reference.release();
    }
  } finally {
    await held.release();
  }
}

async function measurePasses(
  subjects: readonly CampaignSubject[],
  options: CampaignLimits & CampaignOptions,
  reference: ReferenceGauge,
  crowd: LoadReading | null,
  onProgress: (event: CampaignEvent) => void,
): Promise<Omit<CampaignResult, 'insideMs'>> {
  const started = performance.now();
  const deadline = started + options.subjectMs * subjects.length;
  const random = createRandom(options.seed);
  const records = subjects.map((subject) => new SubjectRecord(subject));
  for (let settle = 0; settle < 5; settle++) await reference.read();
  for (let pass = 0; pass < options.passes + options.extraPasses; pass++) {
    const pending = records.filter((record) =>
      pass < options.passes ? record.error === null : record.needsMore(options.targetRatio),
    );
    if (pending.length === 0) break;
    const order = shuffled(pending, random);
    for (let done = 0; done < order.length; done += options.sessions) {
      options.signal?.throwIfAborted();
      if (pass > 0 && performance.now() > deadline) break;
      await measureGroup(
        order.slice(done, done + options.sessions),
        reference,
        options,
        random,
        (movedRatio) => {
          onProgress({ kind: 'REPEATING', movedRatio });
        },
      );
      const measured = Math.min(done + options.sessions, order.length);
      onProgress({ kind: 'MEASURED', pass, done: measured, total: order.length });
    }
  }
  return {
    subjects: records.map((record) =>
      record.result((readings) => instability(readings, reference, options.driftRatio, crowd)),
    ),
    referenceMs: [...reference.readingsMs],
    wallMs: performance.now() - started,
  };
}
