// The processes of one Espalier on this machine: database, seed, API, worker, and if asked for web and agent.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { keepAlive, startProcess } from './processes.mjs';

const entry = (path) => join(root, path);

/**
 * Starts everything on `dataDir` and resolves when the API answers. `apiPort` and `webPort` 0 pick free ones.
 * Resolves with addresses, the demo account and `stop()`. What has started is stopped again when a later part fails.
 */
export async function startSystem({
  dataDir,
  apiPort = 0,
  webPort = null,
  agent = true,
  restart = true,
  onLine,
  onRestart,
} = {}) {
  const started = [];
  const stop = async () => {
    for (const part of started.reverse().splice(0)) await part.stop();
  };
  const supervised = (start) => {
    const part = restart
      ? keepAlive(start, { onRestart })
      : {
          current: start(),
          stop() {
            return this.current.stop();
          },
        };
    started.push(part);
    return part;
  };
  try {
    const env = { ESPALIER_DATA: dataDir };
    if (apiPort !== 0) await mustBeFree(apiPort, 'the API', '--port');
    if (webPort) await mustBeFree(webPort, 'the web', '--web-port');
    const database = startProcess('database', [entry('server/dist/database.js')], { env, onLine });
    started.push(database);
    const { databaseUrl } = await database.ready;
    env.DATABASE_URL = databaseUrl;
    const demo = seed(env);
    const port = apiPort === 0 ? await freePort() : apiPort;
    const apiUrl = `http://127.0.0.1:${port}`;
    const api = supervised(() =>
      startProcess('api', [entry('server/dist/main.js')], { env: { ...env, PORT: String(port) }, onLine }),
    );
    await api.current.ready;
    const worker = supervised(() =>
      startProcess('worker', [entry('server/dist/worker.js')], { env, onLine }),
    );
    await worker.current.ready;
    let webUrl = null;
    let web = null;
    if (webPort !== null) {
      const wanted = webPort === 0 ? await freePort() : webPort;
      webUrl = `http://localhost:${wanted}`;
      web = supervised(() =>
        startProcess(
          'web',
          [
            entry('node_modules/next/dist/bin/next'),
            'start',
            '--port',
            String(wanted),
            '--hostname',
            '127.0.0.1',
          ],
          {
            cwd: entry('web'),
            env: { ESPALIER_API_URL: apiUrl, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
            onLine,
            readyWhen: (line) => /ready/i.test(line),
          },
        ),
      );
      await web.current.ready;
    }
    const measuring = agent ? supervised(() => startAgent({ apiUrl, dataDir, demo, onLine })) : null;
    if (measuring) await measuring.current.ready;
    return { apiUrl, webUrl, demo, env, parts: { database, api, worker, web, agent: measuring }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An agent for this machine; it pairs itself on its first start and keeps its identity in the data folder. */
export function startAgent({ apiUrl, dataDir, demo, name = 'this-machine', onLine }) {
  return startProcess(
    'agent',
    [
      entry('device-agent/dist/main.js'),
      '--server',
      apiUrl,
      '--data',
      join(dataDir, 'agent'),
      '--name',
      name,
      '--pair',
      demo.pairingCode,
      // Whoever tries Espalier sees results, marked as they are, rather than waits for a quiet machine.
      '--max-wait',
      '10',
    ],
    { onLine },
  );
}

/** Runs the demo against a started system; resolves with its result. Progress lines go to `onProgress`. */
export function runDemo({ apiUrl, demo, space = 'mobile', onProgress = () => {} }) {
  let result = '';
  let last = '';
  const child = startProcess('demo', [entry('cli/dist/main.js'), 'demo', '--space', space], {
    env: { ESPALIER_URL: apiUrl, ESPALIER_TOKEN: demo.token },
    onLine: (_name, line) => {
      if (line.startsWith('{"profile"')) result = line;
      else onProgress((last = line));
    },
  });
  const finished = child.ended.then(({ code }) => {
    if (code !== 0 || result === '') throw new Error(`The demo did not finish: ${last}`);
    return JSON.parse(result);
  });
  return { finished, stop: () => child.stop(3_000) };
}

/** The demo team and the Fashion benchmark; does nothing twice. */
function seed(env) {
  const result = spawnSync(process.execPath, [entry('server/dist/seed.js')], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  if (result.status !== 0)
    throw new Error(`Seeding failed: ${(result.stderr || result.stdout).slice(-2000)}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '');
}

async function mustBeFree(port, who, option) {
  const error = await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(null)));
  });
  if (error)
    throw new Error(`Port ${port} for ${who} is taken. Stop what uses it, or choose another with ${option}.`);
}

export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
