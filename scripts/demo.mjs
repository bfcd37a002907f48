// npm run demo: the whole path, headless, on free ports and a temporary folder. The last line is one JSON object.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from './prepare.mjs';

const { values } = parseArgs({
  options: { space: { type: 'string', default: 'mobile' }, verbose: { type: 'boolean', default: false } },
});
if (!['mobile', 'blox'].includes(values.space)) {
  console.error(`--space is ${values.space}; expected mobile or blox.`);
  process.exit(2);
}

let dataDir = null;
let stopping = null;
let stopEverything = async () => {};
let killEverything = () => {};

function end() {
  stopping ??= stopEverything().finally(() => {
    if (dataDir) rmSync(dataDir, { recursive: true, force: true });
  });
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    if (stopping) {
      killEverything();
      process.exit(130);
    }
    void end().then(() => process.exit(130));
  });

try {
  prepare({ web: false });
  const { startSystem, runDemo } = await import('./system.mjs');
  ({ stopEverything, killEverything } = await import('./processes.mjs'));
  dataDir = mkdtempSync(join(tmpdir(), 'espalier-demo-'));
  // The database may run as a user of its own, which has to reach its folder.
  chmodSync(dataDir, 0o755);
  const onLine = (name, line) => values.verbose && console.error(`${name}: ${line}`);
  const system = await startSystem({ dataDir, onLine });
  const result = await runDemo({
    ...system,
    space: values.space,
    onProgress: (line) => console.error(line),
  }).finished;
  await end();
  console.log(JSON.stringify(result));
  process.exit(0);
} catch (error) {
  if (!stopping) {
    console.error(error.message);
    await end();
    process.exit(1);
  }
}
