import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkOf } from '@espalier/nas/graph';
import { predictionError, Prediction, readPredictor } from '@espalier/nas/profile';
import { family, ofaMobileNetV3, type SearchSpace } from '@espalier/nas/space';
import { nodeDevice } from '../runtimes/node-device.js';
import { measureSpace } from './measure-space.js';

/**
 * Profiles spaces by their kernels and prints how well networks that were held out are predicted: by the table before and after it
 * was scaled, and by the regressors alone, as if none of the networks' kernels had been measured (unscaled).
 * `node dist/measuring/check-kernels.js [FAMILY…]`; fashion-mobile, nasbench-macro and OFA-MobileNetV3 at 160 pixels by default.
 */
async function checkKernels(space: SearchSpace): Promise<void> {
  const device = nodeDevice({ threads: 1, lockPath: join(tmpdir(), 'espalier-measuring.lock') });
  const { estimate, campaigns } = await measureSpace(space, 'KERNELS', {}, { device, batch: 1, seed: 1 });
  const { quality, details } = estimate;
  const predictor = readPredictor(details['predictor']);
  const unmeasured = new Prediction({ ...predictor, measured: [] });
  const measured = quality.heldOut.map(({ measuredMs }) => measuredMs);
  const errorOf = (predicted: readonly number[]): unknown => predictionError(measured, predicted);
  print({
    space: space.name,
    wallSeconds: campaigns.map(({ wallMs }) => Math.round(wallMs / 1000)),
    subjects: campaigns.map(({ subjects }) => subjects.length),
    rules: predictor.rules,
    regressors: predictor.regressors.map(({ family: name, kind, rows, errors }) => ({
      name,
      kind,
      rows,
      errors,
    })),
    heldOut: {
      scaled: errorOf(quality.heldOut.map(({ predictedMs }) => predictedMs)),
      sumOfKernels: errorOf(quality.heldOut.map(({ uncorrectedMs }) => uncorrectedMs)),
      regressorsAlone: errorOf(
        quality.heldOut.map(({ encoding }) => unmeasured.network(networkOf(space, encoding)).ms),
      ),
      additivity: quality.additivity,
    },
    repeatability: quality.repeatability,
    referenceDrift: quality.referenceDrift,
    unstable: quality.unstableCount,
    networks: details['networks'],
  });
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

const named = process.argv.slice(2).map(family);
const spaces =
  named.length > 0
    ? named
    : [
        family('fashion-mobile'),
        family('nasbench-macro'),
        ofaMobileNetV3({ width: '1.0', resolutions: [160] }),
      ];
for (const space of spaces) await checkKernels(space);
