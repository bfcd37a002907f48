import type { LoadReading } from './foreign-load.js';

/** A model in memory, ready to run again and again on the same input. */
export interface LoadedModel {
  /** Wall time that loading took, milliseconds. */
  readonly createMs: number;
  /** Runs so often, one after another, and returns the wall time of each, milliseconds; rejects when the runtime fails. */
  sample(runs: number): Promise<ArrayLike<number>>;
  /** Frees the memory; the model cannot be used any more. */
  release(): Promise<void>;
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
}

export interface HeldDevice {
  /** What others still do to the device, when waiting for quiet took too long; null when it is quiet. */
  readonly crowd: LoadReading | null;
  release(): Promise<void>;
}

export type HoldEvent =
  | { readonly kind: 'WAITING_FOR_DEVICE'; readonly pid: number }
  | ({ readonly kind: 'WAITING_FOR_QUIET' } & LoadReading);
