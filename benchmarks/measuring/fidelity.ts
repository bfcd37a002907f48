import type { CampaignOptions } from '@espalier/device-agent/measuring';
import { measureCampaign } from '@espalier/device-agent/measuring';
import { networkOf, seededWeights, toOnnx } from '@espalier/nas/graph';
import { encodingKey, sampleEncoding } from '@espalier/nas/space';
import { createRandom, median } from '@espalier/nas/stats';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { FidelityNetwork } from './parts.js';
import type { MeasuredSpace } from './spaces.js';

/** Shorter networks are left out: there the clock's own cost counts. */
const LEAST_MS = 1;

const RUNS = 200;

/** The agent's median of each network, between two bare loops over the same runtime with the same settings. */
export async function measureFidelity(
  { space, longBatch: batch }: MeasuredSpace,
  campaign: CampaignOptions,
  count: number,
): Promise<readonly FidelityNetwork[]> {
  const random = createRandom(5);
  const subjects = Array.from({ length: count }, () => {
    const encoding = sampleEncoding(space, random);
    const model = (): Uint8Array =>
      toOnnx(networkOf(space, encoding), { batch, weights: seededWeights(0), batchNorm: 'folded' });
    return { id: encodingKey(encoding), model };
  });
  const before = await bareMedians(subjects);
  const { subjects: found } = await measureCampaign(subjects, campaign);
  const after = await bareMedians(subjects);
  return subjects.flatMap(({ id }, at): FidelityNetwork[] => {
    const [agentMs = NaN, first = NaN, last = NaN] = [found[at]?.statistics?.medianMs, before[at], after[at]];
    return agentMs >= LEAST_MS ? [{ key: id, agentMs, bareMs: [first, last] }] : [];
  });
}

async function bareMedians(models: readonly { model: () => Uint8Array }[]): Promise<readonly number[]> {
  const medians: number[] = [];
  for (const { model } of models) medians.push(await bareMedian(model()));
  return medians;
}

/** As anyone would write it. */
async function bareMedian(model: Uint8Array): Promise<number> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const [input] = session.inputMetadata;
  if (!input?.isTensor) throw new TypeError('expected one tensor');
  const shape = input.shape.map(Number);
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, (_, i) => ((i * 7919) % 2003) / 1001.5 - 1);
  const feeds = { [input.name]: new Tensor('float32', values, shape) };
  for (let warmUp = 0; warmUp < 10; warmUp++) await session.run(feeds);
  const samples: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await session.run(feeds);
    samples.push(performance.now() - start);
  }
  await session.release();
  return median(samples);
}
