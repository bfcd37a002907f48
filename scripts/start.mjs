// npm start: everything on this machine, then the demo. Ctrl-C stops; the next start continues.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from './prepare.mjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.PORT ?? '4000' },
    'web-port': { type: 'string', default: '3000' },
    data: { type: 'string', default: process.env.ESPALIER_DATA ?? resolve(root, '.espalier') },
    'no-demo': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

let system = null;
let demo = null;
let stopping = null;

async function stop(code) {
  if (stopping) process.exit(130);
  stopping = (async () => {
    console.log('\nStopping…');
    await demo?.stop();
    await system?.stop();
    process.exit(code);
  })();
  await stopping;
}

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));

try {
  prepare({ say: (line) => console.log(line) });
  const { startSystem, runDemo } = await import('./system.mjs');
  system = await startSystem({
    dataDir: resolve(values.data),
    apiPort: Number(values.port),
    webPort: Number(values['web-port']),
    onLine: (name, line) => values.verbose && console.log(`${name}: ${line}`),
    onRestart: (name, { code, signal }, waitMs) =>
      console.log(`${name} ended (${signal ?? `exit ${code}`}); starting it again in ${waitMs} ms`),
  });
  console.log(`
  Espalier    ${system.webUrl}
  API         ${system.apiUrl}/graphql
  sign in as  ${system.demo.email}  ${system.demo.password}
`);
  if (!values['no-demo']) {
    console.log(
      'Demo: profile this machine, prune, search, publish (about three minutes; watch it on the pages).',
    );
    demo = runDemo({ ...system, onProgress: progressLine() });
    const result = await demo.finished;
    demo = null;
    console.log(
      `\n${result.comparison.verdict.join('\n')}\n\nThe leaderboard: ${system.webUrl}/leaderboards/${result.frontier.leaderboard}\nThe comparison:  ${system.webUrl}/comparisons/${result.comparison.id}\nCtrl-C stops everything; the next start continues.`,
    );
  }
} catch (error) {
  if (!stopping) {
    console.error(`\n${error.message}`);
    await system?.stop();
    process.exit(1);
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
