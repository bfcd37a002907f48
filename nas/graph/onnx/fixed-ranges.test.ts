import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { InferenceSession } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { families, typicalEncoding } from '../../space/index.js';
import { networkOf, referenceNetwork } from '../build.js';
import type { Network } from '../network.js';
import { seededWeights } from '../seeded-weights.js';
import { fixedRanges } from './fixed-ranges.js';
import { toOnnx, type Int8 } from './to-onnx.js';

const FLOAT_PRODUCTS = ['Conv', 'FusedConv', 'Gemm', 'FusedGemm', 'MatMul'];
/** Together they have every operator. */
const SPACES = ['fashion-mobile', 'blox', 'nasbench201-cifar10', 'ofa-mbv3-w10', 'ofa-resnet50'];
const INTEGER_PRODUCTS = ['QLinearConv', 'QGemm', 'QLinearMatMul'];

it.each([
  ['the reference network', referenceNetwork()],
  ...families
    .filter(({ name }) => SPACES.includes(name))
    .map((space): [string, Network] => [
      space.name,
      networkOf(space, typicalEncoding(space), { resolution: 32 }),
    ]),
])('%s runs on integer kernels', async (_, network) => {
  const ranges = fixedRanges(network);
  const operators = await optimised(network, { kind: 'static', ranges });
  expect(operators.filter((op) => FLOAT_PRODUCTS.includes(op))).toEqual([]);
  const products = network.nodes.filter(({ op }) => op === 'conv' || op === 'fully-connected');
  expect(operators.filter((op) => INTEGER_PRODUCTS.includes(op))).toHaveLength(products.length);
});

/** Operators of the graph that ONNX Runtime makes of the model. */
async function optimised(network: Network, int8: Int8): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'espalier-int8-'));
  try {
    const optimizedModelFilePath = join(folder, 'optimised.onnx');
    const model = toOnnx(network, { batch: 2, weights: seededWeights(0), batchNorm: 'folded', int8 });
    const session = await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      graphOptimizationLevel: 'extended',
      optimizedModelFilePath,
      logSeverityLevel: 4,
    });
    await session.release();
    const { graph } = onnxProto.onnx.ModelProto.decode(await readFile(optimizedModelFilePath));
    return (graph?.node ?? []).map(({ opType }) => opType ?? '');
  } finally {
    await rm(folder, { recursive: true });
  }
}
