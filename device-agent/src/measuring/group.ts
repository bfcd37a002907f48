import { shuffled, type Random } from '@espalier/nas/stats';
import type { Interference, LoadedModel, MeasuringDevice } from './device.js';
import { isCalm } from './instability.js';
import type { LoadMarks } from './load-marks.js';
import type { ReferenceGauge } from './reference.js';
import type { Round, SubjectRecord } from './subject-record.js';
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

/** What a group is measured with. */
export interface GroupContext {
  readonly device: MeasuringDevice;
  readonly reference: ReferenceGauge;
  readonly load: LoadMarks;
  readonly random: Random;
  /** Told before rounds are repeated: how far the reference had moved, and of how many subjects. */
  readonly onRepeat: (movedRatio: number, subjects: number) => void;
  readonly signal?: AbortSignal;
  /** Ends the group after the round at hand. */
  readonly finish?: AbortSignal;
}

interface Visit {
  readonly record: SubjectRecord;
  readonly model: LoadedModel;
  readonly runs: number;
  readonly rounds: Round[];
}

/** A round that takes longer than this is not finished once the group is told to end, milliseconds. */
const LAST_ROUND_MS = 3_000;

/**
 * Loads the subjects together, measures them in rounds of fresh random order and releases them. A subject that fails is marked
 * and left out; its session is released like all others. Returns how many of the first were taken: fewer than given when the
 * device has no room for more.
 */
export async function measureGroup(
  records: readonly SubjectRecord[],
  limits: GroupLimits,
  context: GroupContext,
): Promise<number> {
  const visits: Visit[] = [];
  let taken = 0;
  try {
    const ahead = new Map<SubjectRecord, BuiltModel>();
    for (const record of records) {
      if (visits.length > 0 && context.device.isFull?.() === true) break;
      context.signal?.throwIfAborted();
      if (context.finish?.aborted === true) return taken;
      const built = ahead.get(record) ?? buildModel(record);
      ahead.delete(record);
      const next = records[++taken];
      const buildNext = (): void => {
        if (next !== undefined) ahead.set(next, buildModel(next));
      };
      const visit = await prepare(record, built, limits, context.device, buildNext);
      if (visit !== null) visits.push(visit);
    }
    await measureRounds(visits, limits, context);
  } finally {
    for (const { model } of visits) await model.release();
  }
  return taken;
}

async function measureRounds(
  visits: readonly Visit[],
  limits: GroupLimits,
  context: GroupContext,
): Promise<void> {
  const { reference, signal, finish } = context;
  const calmRounds = ({ rounds }: Visit): number =>
    rounds.filter((round) => isCalm(round, reference, limits.driftRatio)).length;
  for (let round = 0; round < limits.roundsPerVisit + limits.maxRepeats; round++) {
    signal?.throwIfAborted();
    if (finish?.aborted === true) return;
    const standing = visits.filter(({ record }) => record.error === null);
    const regular = round < limits.roundsPerVisit;
    const again = regular ? standing : standing.filter((visit) => calmRounds(visit) < limits.roundsPerVisit);
    if (again.length === 0) break;
    if (!regular) {
      const last = again.flatMap(({ rounds }) => rounds.at(-1)?.referenceMs ?? []);
      context.onRepeat(Math.max(0, ...last.map((ms) => reference.moved(ms))), again.length);
    }
    await measureWholeRound(again, limits, context);
  }
  for (const { record } of visits) record.visits++;
}

/** A subject's ONNX file, or why there is none. */
type BuiltModel = { readonly bytes: Uint8Array } | { readonly cause: unknown };

function buildModel({ subject }: SubjectRecord): BuiltModel {
  try {
    return { bytes: subject.model() };
  } catch (cause) {
    return { cause };
  }
}

/** `meanwhile` is called while the device loads: building the next model then costs no time of its own. */
async function prepare(
  record: SubjectRecord,
  built: BuiltModel,
  limits: GroupLimits,
  device: MeasuringDevice,
  meanwhile: () => void,
): Promise<Visit | null> {
  const started = performance.now();
  let model: LoadedModel | null = null;
  try {
    if ('cause' in built) throw built.cause;
    const loading = device.load(built.bytes);
    meanwhile();
    model = await loading;
    record.createMs.push(model.createMs);
    record.peakMemoryBytes = Math.max(record.peakMemoryBytes ?? 0, model.peakBytes ?? 0) || null;
    const typicalMs = await warmUp(model, { maxMs: limits.warmUpMs });
    const wanted = Math.round(limits.roundMs / typicalMs);
    const runs = Math.min(limits.maxRuns, Math.max(limits.minRuns, wanted));
    return { record, model, runs, rounds: [] };
  } catch (cause) {
    record.fail(cause);
    await model?.release();
    return null;
  } finally {
    record.deviceMs += performance.now() - started;
  }
}

/** Measures a round again and again until nothing stops the device within it. */
async function measureWholeRound(
  visits: readonly Visit[],
  limits: GroupLimits,
  context: GroupContext,
): Promise<void> {
  for (;;) {
    const stops = context.device.interruptions?.();
    const rounds = await measureRound(visits, limits, context);
    if (context.device.interruptions?.() === stops) {
      for (const [visit, round] of rounds) {
        visit.record.rounds.push(round);
        visit.rounds.push(round);
      }
      context.load.ended([...rounds.values()]);
      return;
    }
    context.signal?.throwIfAborted();
  }
}

async function measureRound(
  visits: readonly Visit[],
  { driftRatio }: GroupLimits,
  { reference, random, finish }: GroupContext,
): Promise<ReadonlyMap<Visit, Round>> {
  const started = performance.now();
  let ownMs = 0;
  const before = await reference.read();
  const taken = new Map<Visit, Omit<Round, 'referenceMs'>>();
  for (const visit of shuffled(visits, random)) {
    if (finish?.aborted === true && performance.now() - started > LAST_ROUND_MS) break;
    const began = performance.now();
    const sampled = await sample(visit, driftRatio);
    if (sampled !== null) taken.set(visit, sampled);
    visit.record.deviceMs += performance.now() - began;
    ownMs += performance.now() - began;
  }
  const referenceMs = Math.max(before, await reference.read());
  const sharedMs = (performance.now() - started - ownMs) / Math.max(1, visits.length);
  for (const { record } of visits) record.deviceMs += sharedMs;
  return new Map([...taken].map(([visit, round]) => [visit, { ...round, referenceMs }]));
}

/** The first run after another model is cold in the caches and is not kept. */
async function sample(
  { record, model, runs }: Visit,
  driftRatio: number,
): Promise<Omit<Round, 'referenceMs'> | null> {
  try {
    const samples = Float32Array.from(Array.from(await model.sample(runs + 1)).slice(1));
    return { samples, disturbance: pushedAside(model.interference?.() ?? null, runs, driftRatio) };
  } catch (cause) {
    record.fail(cause);
    return null;
  }
}

/** Part of a sample's time that the runtime may wait for a processor, which goes to the kernel's own work. */
const WAITING_RATIO = 0.1;

/**
 * Runs that were put off the processor, in words; null for too little of it. One that was put off less often than there were runs
 * has one that ran through, but beside a neighbour who takes so much of the time that one is not what a calm device gives.
 */
function pushedAside(interference: Interference | null, runs: number, driftRatio: number): string | null {
  if (interference === null) return null;
  const { preemptions, waitingRatio } = interference;
  const everyRun = preemptions > runs && (waitingRatio ?? 1) > driftRatio;
  if (!everyRun && (waitingRatio ?? 0) <= WAITING_RATIO) return null;
  const share = waitingRatio === null ? '' : `, ${(100 * waitingRatio).toFixed(0)} % of the time`;
  return `its ${String(runs)} runs were put off the processor ${String(preemptions)} times${share}`;
}
