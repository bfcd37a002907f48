import {
  namedWeights,
  networkOf,
  parametersOf,
  toOnnx,
  type NamedTensor,
  type Network,
  type WeightSource,
} from '@espalier/nas/graph';
import { family, type Encoding } from '@espalier/nas/space';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type FashionSpaceName } from './folder.js';
import { CALIBRATION_IMAGES, readFashionImages, VALIDATION_IMAGES, type FashionImages } from './images.js';
import { readTrainedTensors } from './trained-tensors.js';

/**
 * Evaluates networks of one Fashion space with its trained weights. Holds images and weights. onnxruntime-node runs
 * on the calling thread: more `threads`, not more promises, make it faster.
 */
export interface FashionEvaluator {
  /** Top-1 accuracy on the 2,500 validation images in per cent; reproduces the table up to ties in rounding. */
  accuracy(encoding: Encoding): Promise<number>;
  /** The deployed network: trained weights, calibrated batch norms folded into the convolutions, for that batch size. */
  deployedOnnx(encoding: Encoding, batch: number): Promise<Uint8Array>;
}

export interface FashionEvaluatorOptions {
  /** Threads within an operator; 1 by default. */
  readonly threads?: number;
}

/** Reads the space's weights and the images. Throws FashionDataError when a file is missing or wrong. */
export function createFashionEvaluator(
  space: FashionSpaceName,
  { threads = 1 }: FashionEvaluatorOptions = {},
): FashionEvaluator {
  const tensors = readTrainedTensors(space);
  const images = readFashionImages();
  const deployed = async (encoding: Encoding, batch: number): Promise<readonly [Network, Uint8Array]> => {
    const network = networkOf(family(space), encoding);
    const statistics = await calibrate(network, namedWeights(tensors), images, threads);
    const weights = namedWeights(new Map([...tensors, ...statistics]));
    return [network, toOnnx(network, { batch, weights, batchNorm: 'folded' })];
  };
  return {
    deployedOnnx: async (encoding, batch) => (await deployed(encoding, batch))[1],
    accuracy: async (encoding) => {
      const [network, model] = await deployed(encoding, EVALUATION_BATCH);
      const correct = await countCorrect(network, model, images, threads);
      return (100 * correct) / VALIDATION_IMAGES;
    },
  };
}

/** Divides 2,500. On two cores and one thread a mobile network takes 201 ms at 125, 203 ms at 20 and 257 ms at 500: the cache. */
const EVALUATION_BATCH = 125;

/**
 * Mean and biased variance of each batch norm's input over the calibration images, norm after norm as the table was made. One
 * run gives all: in training mode a norm normalises by its batch's own statistics, and the batch is the calibration images.
 */
async function calibrate(
  network: Network,
  weights: WeightSource,
  images: FashionImages,
  threads: number,
): Promise<ReadonlyMap<string, NamedTensor>> {
  const model = toOnnx(network, { batch: CALIBRATION_IMAGES, weights, batchNorm: 'calibrating' });
  const statistics = network.nodes
    .flatMap(parametersOf)
    .filter(({ role }) => role === 'mean' || role === 'variance');
  return withSession(model, threads, async (session) => {
    const outputs = await session.run(
      { [network.input.value]: batchOf(network, images.calibration, 0, CALIBRATION_IMAGES) },
      statistics.map(({ name }) => name),
    );
    return new Map(statistics.map(({ name, shape }) => [name, { shape, values: floats(outputs[name]) }]));
  });
}

async function countCorrect(
  network: Network,
  model: Uint8Array,
  { validation, labels }: FashionImages,
  threads: number,
): Promise<number> {
  return withSession(model, threads, async (session) => {
    let correct = 0;
    for (let start = 0; start < VALIDATION_IMAGES; start += EVALUATION_BATCH) {
      const input = batchOf(network, validation, start, EVALUATION_BATCH);
      const outputs = await session.run({ [network.input.value]: input });
      const logits = floats(outputs[network.output]);
      const classes = logits.length / EVALUATION_BATCH;
      for (let item = 0; item < EVALUATION_BATCH; item++)
        if (largest(logits.subarray(item * classes, (item + 1) * classes)) === labels[start + item])
          correct++;
    }
    return correct;
  });
}

async function withSession<T>(
  model: Uint8Array,
  threads: number,
  use: (session: InferenceSession) => Promise<T>,
): Promise<T> {
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  });
  try {
    return await use(session);
  } finally {
    await session.release();
  }
}

function batchOf(network: Network, images: Float32Array, start: number, count: number): Tensor {
  const { channels, height, width } = network.input.shape;
  const size = channels * height * width;
  return new Tensor('float32', images.subarray(start * size, (start + count) * size), [
    count,
    channels,
    height,
    width,
  ]);
}

function floats(tensor: InferenceSession.ReturnType[string] | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError(`expected a float32 output, got ${tensor === undefined ? 'none' : tensor.type}`);
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? NaN) > (values[best] ?? NaN)) best = i;
  return best;
}
