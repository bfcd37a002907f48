import type { LoadedModel, MeasuringDevice } from './device.js';

/** A device that adds up how long it ran what it loads. */
export function metered(device: MeasuringDevice): {
  readonly device: MeasuringDevice;
  /** Sum of all runs so far, milliseconds. */
  readonly insideMs: () => number;
} {
  let insideMs = 0;
  const counting = (model: LoadedModel): LoadedModel => ({
    createMs: model.createMs,
    peakBytes: model.peakBytes ?? null,
    interference: () => model.interference?.() ?? null,
    release: () => model.release(),
    sample: async (runs) => {
      const samples = await model.sample(runs);
      for (let run = 0; run < samples.length; run++) insideMs += samples[run] ?? 0;
      return samples;
    },
  });
  return {
    device: {
      load: async (bytes) => counting(await device.load(bytes)),
      hold: (options) => device.hold(options),
      isFull: () => device.isFull?.() ?? false,
      interruptions: () => device.interruptions?.() ?? 0,
    },
    insideMs: () => insideMs,
  };
}
