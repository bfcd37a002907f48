import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repeatability } from '@espalier/nas/profile';
import { family } from '@espalier/nas/space';
import { nodeDevice } from '../runtimes/node-device.js';
import { measureSpace, type SpaceMeasurement } from './measure-space.js';

/**
 * Profiles a space twice and prints how well the two agree: the evidence for the estimator and the pace.
 * `node dist/measuring/check-repeatability.js FAMILY [LATENCY_TABLE.json]`; the table written is the first campaign's.
 */
async function checkRepeatability(name: string, output: string | undefined): Promise<void> {
  const device = nodeDevice({ threads: 1, lockPath: join(tmpdir(), 'espalier-measuring.lock') });
  const space = family(name);
  const measurements: SpaceMeasurement[] = [];
  for (const seed of [1, 2]) {
    const measurement = await measureSpace(space, 'ISOLATED', {}, { device, batch: 16, seed });
    measurements.push(measurement);
    const { estimate, campaigns } = measurement;
    const { fixedMs } = estimate.table;
    print({
      wallSeconds: campaigns.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1000,
      fixedMs,
      interceptMs: estimate.interceptMs,
      ...estimate.quality,
    });
  }
  const [first = [], second = []] = measurements.map(({ estimate }) => estimate.table.layers.flat());
  print({ betweenCampaigns: repeatability(first, second) });
  const table = measurements[0]?.estimate.table;
  if (output !== undefined) await writeFile(output, JSON.stringify(table));
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

await checkRepeatability(process.argv[2] ?? 'fashion-mobile', process.argv[3]);
