import { family, ofaMobileNetV3, type SearchSpace } from '@espalier/nas/space';

/** A space with the batch that it is measured at. */
export interface MeasuredSpace {
  readonly space: SearchSpace;
  readonly batch: number;
  /** At which its networks take 1 ms and more, to be compared with a bare loop. */
  readonly longBatch: number;
}

/** By the name on the command line. */
export const MEASURED_SPACES: Readonly<Record<string, () => MeasuredSpace>> = {
  'fashion-mobile': () => ({ space: family('fashion-mobile'), batch: 16, longBatch: 256 }),
  'fashion-blox': () => ({ space: family('fashion-blox'), batch: 16, longBatch: 64 }),
  'ofa-mbv3-w10-r160': () => ({
    space: ofaMobileNetV3({ width: '1.0', resolutions: [160] }),
    batch: 1,
    longBatch: 1,
  }),
  blox: () => ({ space: family('blox'), batch: 1, longBatch: 1 }),
};
