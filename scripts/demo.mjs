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

let system = null;
let demo = null;
let dataDir = null;
let code = 1;

const stop = async () => {
  await demo?.stop();
  await system?.stop();
  if (dataDir) rmSync(dataDir, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => void stop().then(() => process.exit(130)));

try {
  prepare({ web: false });
  const { startSystem, runDemo } = await import('./system.mjs');
  dataDir = mkdtempSync(join(tmpdir(), 'espalier-demo-'));
  // The database may run as a user of its own, which has to reach its folder.
  chmodSync(dataDir, 0o755);
  const onLine = (name, line) => values.verbose && console.error(`${name}: ${line}`);
  system = await startSystem({ dataDir, onLine });
  demo = runDemo({ ...system, space: values.space, onProgress: (line) => console.error(line) });
  const result = await demo.finished;
  demo = null;
  await stop();
  dataDir = null;
  console.log(JSON.stringify(result));
  code = 0;
} catch (error) {
  console.error(error.message);
  await stop();
}
process.exit(code);
