import type { MeasuringDevice } from './device.js';

/** The same device with a clock of what it spends inside inference: every run, whatever it was for. */
export function clocked(device: MeasuringDevice): {
  readonly device: MeasuringDevice;
  readonly insideMs: () => number;
} {
  let insideMs = 0;
  return {
    insideMs: () => insideMs,
    device: {
      ...device,
      load: async (bytes) => {
        const model = await device.load(bytes);
        return {
          createMs: model.createMs,
          sample: async (runs) => {
            const samples = await model.sample(runs);
            for (let run = 0; run < samples.length; run++) insideMs += samples[run] ?? 0;
            return samples;
          },
          release: () => model.release(),
        };
      },
    },
  };
}
