import type { LoadReading } from './foreign-load.js';

/** A model in memory, ready to run again and again on the same input. */
export interface LoadedModel {
  /** Wall time that loading took, milliseconds. */
  readonly createMs: number;
  /** Most memory that the runtime had while loading, bytes; null or absent where it cannot be told. */
  readonly peakBytes?: number | null;
  /** Runs so often, one after another, and returns the wall time of each, milliseconds; rejects when the runtime fails. */
  sample(runs: number): Promise<ArrayLike<number>>;
  /** What the system did to the last sample; null before one, absent where it cannot be told. */
  readonly interference?: () => Interference | null;
  /** Frees the memory; the model cannot be used any more. */
  release(): Promise<void>;
}

/** How others got in a sample's way. */
export interface Interference {
  /** How often a thread of the runtime was put off its processor though it had more to do. */
  readonly preemptions: number;
  /** Part of the wall time in which the runtime did not run; null where waiting is part of its work. */
  readonly waitingRatio: number | null;
}

/** What a campaign stands on: a machine with a runtime, or a page in a browser. */
export interface MeasuringDevice {
  /** Loads an ONNX model with inputs of fixed shapes. Rejects when the runtime refuses it. */
  load(model: Uint8Array): Promise<LoadedModel>;
  /** Waits until this campaign has the device for itself. Rejects with the signal's reason when aborted. */
  hold(options: {
    readonly onProgress: (event: HoldEvent) => void;
    readonly signal?: AbortSignal;
  }): Promise<HeldDevice>;
  /**
   * How often something other than the campaign has stopped the device so far, such as a page that was hidden. A round in which
   * this rose is not kept and is measured again. Absent where nothing can.
   */
  readonly interruptions?: () => number;
  /** Whether what is loaded leaves too little memory to load more beside it. Absent where memory is not watched. */
  readonly isFull?: () => boolean;
}

export interface HeldDevice {
  /** What others still do to the device, when waiting for quiet took too long; null when it is quiet. */
  readonly crowd: LoadReading | null;
  /**
   * What others did to the device since this was last asked: `TOO_SHORT` when that is too little time to tell, and the next
   * answer is for all of it. Absent where it cannot be told.
   */
  readonly loadSince?: () => LoadReading | 'TOO_SHORT';
  /**
   * Waits until others leave the device alone, within the patience that is left of what `hold` began with. Resolves with what
   * they still do, or null. Rejects when aborted.
   */
  readonly awaitQuiet?: () => Promise<LoadReading | null>;
  release(): Promise<void>;
}

export type HoldEvent =
  | { readonly kind: 'WAITING_FOR_DEVICE'; readonly pid: number }
  | ({ readonly kind: 'WAITING_FOR_QUIET' } & LoadReading);
