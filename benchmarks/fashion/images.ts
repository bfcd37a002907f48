import { FashionDataError, readFashionFile } from './folder.js';

export const CALIBRATION_IMAGES = 512;
export const VALIDATION_IMAGES = 2500;

const PIXELS = 28 * 28;

export interface FashionImages {
  /** 512 × 1 × 28 × 28, normalised: the first training images, without labels. */
  readonly calibration: Float32Array;
  /** 2,500 × 1 × 28 × 28, normalised: the first test images. */
  readonly validation: Float32Array;
  /** The class, 0 to 9, of each validation image. */
  readonly labels: Uint8Array;
}

/** Reads images and labels (Fashion-MNIST, Xiao et al. 2017). Throws FashionDataError when their number is not as expected. */
export function readFashionImages(): FashionImages {
  const bytes = readFashionFile('images.u8.gz');
  const labels = readFashionFile('labels.u8');
  const expected = (CALIBRATION_IMAGES + VALIDATION_IMAGES) * PIXELS;
  if (bytes.length !== expected)
    throw new FashionDataError('images.u8.gz', `${String(bytes.length)} bytes, expected ${String(expected)}`);
  if (labels.length !== VALIDATION_IMAGES)
    throw new FashionDataError(
      'labels.u8',
      `${String(labels.length)} labels, expected ${String(VALIDATION_IMAGES)}`,
    );
  const pixels = Float32Array.from(bytes, (byte) => (byte / 255 - 0.286) / 0.353);
  const split = CALIBRATION_IMAGES * PIXELS;
  return { calibration: pixels.slice(0, split), validation: pixels.slice(split), labels };
}
