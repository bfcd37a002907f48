import { shuffled, type Random } from '@espalier/nas/stats';
import type { LoadedModel, MeasuringDevice } from './device.js';
import type { ReferenceGauge } from './reference.js';
import type { SubjectRecord } from './subject-record.js';
import { warmUp } from './warm-up.js';

export interface GroupLimits {
  /** Rounds that a subject gets with one session. */
  readonly roundsPerVisit: number;
  /** Aim of a subject's time in one round, milliseconds, within the two counts below. */
  readonly roundMs: number;
  readonly minRuns: number;
  readonly maxRuns: number;
  /** Most time to warm up a session, milliseconds. */
  readonly warmUpMs: number;
  /** A move of the reference that makes the round that it stands around be repeated, as a ratio. */
  readonly driftRatio: number;
  /** Most rounds to repeat in one visit; all rounds are kept, with their reference readings. */
  readonly maxRepeats: number;
}

interface Visit {
  readonly record: SubjectRecord;
  readonly model: LoadedModel;
  readonly runs: number;
}

/**
 * Loads the subjects together, measures them in rounds of fresh random order and releases them. A subject that fails is marked
 * and left out; its session is released like all others.
 */
export async function measureGroup(
  records: readonly SubjectRecord[],
  reference: ReferenceGauge,
  limits: GroupLimits & { readonly device: MeasuringDevice; readonly signal?: AbortSignal },
  random: Random,
  onRepeat: (movedRatio: number) => void,
): Promise<void> {
  const visits: Visit[] = [];
  try {
    for (const record of records) {
      const visit = await prepare(record, limits);
      if (visit !== null) visits.push(visit);
    }
    let planned = limits.roundsPerVisit;
    const most = limits.roundsPerVisit + limits.maxRepeats;
    for (let round = 0; round < planned; round++) {
      limits.signal?.throwIfAborted();
      const moved = await measureWholeRound(visits, reference, random, limits);
      if (moved <= limits.driftRatio || planned === most) continue;
      planned++;
      onRepeat(moved);
    }
  } finally {
    for (const { model } of visits) await model.release();
  }
}

async function prepare(
  record: SubjectRecord,
  limits: GroupLimits & { readonly device: MeasuringDevice },
): Promise<Visit | null> {
  let model: LoadedModel | null = null;
  try {
    model = await limits.device.load(record.subject.model());
    record.createMs.push(model.createMs);
    const typicalMs = await warmUp(model, { maxMs: limits.warmUpMs });
    const wanted = Math.round(limits.roundMs / typicalMs);
    return { record, model, runs: Math.min(limits.maxRuns, Math.max(limits.minRuns, wanted)) };
  } catch (cause) {
    record.fail(cause);
    await model?.release();
    return null;
  }
}

/** Measures a round again and again until nothing stops the device within it. Returns what `measureRound` does. */
async function measureWholeRound(
  visits: readonly Visit[],
  reference: ReferenceGauge,
  random: Random,
  { device, signal }: { readonly device: MeasuringDevice; readonly signal?: AbortSignal },
): Promise<number> {
  for (;;) {
    const stops = device.interruptions?.();
    const moved = await measureRound(visits, reference, random, () => device.interruptions?.() === stops);
    if (moved !== null) return moved;
    signal?.throwIfAborted();
  }
}

/** Returns how far the reference had moved around the round, as a ratio; null when the round was not whole and is not kept. */
async function measureRound(
  visits: readonly Visit[],
  reference: ReferenceGauge,
  random: Random,
  whole: () => boolean,
): Promise<number | null> {
  const before = await reference.read();
  const samples = new Map<Visit, number[]>();
  for (const visit of shuffled(visits, random)) {
    if (visit.record.error === null) samples.set(visit, await sample(visit));
  }
  const around = Math.max(before, await reference.read());
  if (!whole()) return null;
  for (const [{ record }, round] of samples) if (record.error === null) record.addRound(round, around);
  return reference.moved(around);
}

/** The first run after another model is cold in the caches and is not kept. */
async function sample({ record, model, runs }: Visit): Promise<number[]> {
  try {
    return Array.from(await model.sample(runs + 1)).slice(1);
  } catch (cause) {
    record.fail(cause);
    return [];
  }
}
