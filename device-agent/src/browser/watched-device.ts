import type { MeasuringDevice } from '../measuring/device.js';

/** Told what is measured while it is. */
export interface Watch {
  readonly onSubject: (words: string) => void;
  /** A reading of the reference network: the shortest of its samples, milliseconds. */
  readonly onReference: (readingMs: number) => void;
}

export interface WatchedDevice {
  readonly device: MeasuringDevice;
  /** Gives a model a name before it is loaded; a model without one is the reference network. */
  name(model: Uint8Array, words: string): void;
}

/** The device, with somebody looking on: what the page shows while a campaign runs. */
export function watched(device: MeasuringDevice, { onSubject, onReference }: Watch): WatchedDevice {
  const names = new WeakMap<Uint8Array, string>();
  return {
    name: (model, words) => names.set(model, words),
    device: {
      ...device,
      load: async (model) => {
        const words = names.get(model);
        const loaded = await device.load(model);
        return {
          ...loaded,
          sample: async (runs) => {
            if (words !== undefined) onSubject(words);
            const samples = await loaded.sample(runs);
            if (words === undefined) onReference(Math.min(...Array.from(samples)));
            return samples;
          },
        };
      },
    },
  };
}
