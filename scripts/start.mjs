// npm start: everything on this machine, then the demo. Ctrl-C stops; the next start continues.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './prepare.mjs';

const USAGE = `npm start [-- --port 4000 --web-port 3000 --data .espalier --space mobile --no-demo --verbose]`;

const options = readOptions();
let phase = 'preparing';
let killEverything = () => {};
let stopEverything = async () => {};

async function stop(code) {
  if (phase === 'stopping') {
    killEverything();
    process.exit(130);
  }
  phase = 'stopping';
  console.log('\nStopping… (Ctrl-C again does not wait)');
  await stopEverything();
  process.exit(code);
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));

try {
  prepare({ say: (line) => console.log(line) });
  const { startSystem, runDemo } = await import('./system.mjs');
  ({ killEverything, stopEverything } = await import('./processes.mjs'));
  makeFolder(options.data);
  console.log('Starting…');
  const system = await startSystem({
    dataDir: options.data,
    apiPort: options.port,
    webPort: options.webPort,
    onLine: (name, line) => options.verbose && console.log(`${name}: ${line}`),
    onRestart: (name, { code, signal }, waitMs) =>
      console.log(`\n${name} ended (${signal ?? `exit ${code}`}); starting it again in ${waitMs} ms`),
  });
  phase = 'running';
  console.log(`
  Espalier    ${system.webUrl}
  API         ${system.apiUrl}/graphql
  sign in as  ${system.demo.email}  ${system.demo.password}
`);
  if (options.demo) await demonstrate(runDemo, system);
  if (phase === 'running') console.log('Ctrl-C stops everything; the next start continues.');
} catch (error) {
  if (phase !== 'stopping') {
    phase = 'stopping';
    console.error(`\n${error.message}`);
    await stopEverything();
    process.exit(1);
  }
}

/** Runs the demo; what is done already is not done again. That it fails is said and leaves the rest running. */
async function demonstrate(runDemo, system) {
  console.log(
    'Demo: profile this machine, prune, search, publish (some three minutes the first time; watch it on the pages).',
  );
  try {
    const { finished } = runDemo({ ...system, space: options.space, onProgress: progressLine() });
    const { comparison, frontier } = await finished;
    console.log(`\n\n${comparison.verdict.join('\n')}

  The leaderboard  ${system.webUrl}/leaderboards/${frontier.leaderboard}
  The comparison   ${system.webUrl}/comparisons/${comparison.id}
`);
  } catch (error) {
    if (phase !== 'stopping') console.error(`\n${error.message} The next start goes on with it.`);
  }
}

/** Progress in one line on a terminal, a line a tenth elsewhere. */
function progressLine() {
  let last = '';
  return (line) => {
    if (process.stdout.isTTY) {
      process.stdout.write(`\r\x1b[2K  ${line}`);
      return;
    }
    const [step = '', counts = ''] = line.split(': ');
    const [done = 0, total = 0] = counts.split(' of ').map(Number);
    const mark = `${step} ${total ? Math.floor((done / total) * 10) : counts}`;
    if (mark !== last) console.log(`  ${line}`);
    last = mark;
  };
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: process.env.PORT ?? '4000' },
        'web-port': { type: 'string', default: '3000' },
        data: { type: 'string', default: process.env.ESPALIER_DATA ?? resolve(root, '.espalier') },
        space: { type: 'string', default: 'mobile' },
        'no-demo': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
      },
    });
    if (!['mobile', 'blox'].includes(values.space))
      throw new Error(`--space is ${values.space}; expected mobile or blox.`);
    return {
      port: portOf('--port', values.port),
      webPort: portOf('--web-port', values['web-port']),
      data: resolve(values.data),
      space: values.space,
      demo: !values['no-demo'],
      verbose: values.verbose,
    };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function portOf(option, text) {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`${option} is ${text}; expected a port, or 0 for a free one.`);
  return port;
}

function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(`The data folder ${folder} cannot be made (${error.code}): choose another with --data.`, {
      cause: error,
    });
  }
}
