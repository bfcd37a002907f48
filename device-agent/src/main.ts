#!/usr/bin/env node
import { homedir, hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { RegisterDeviceDocument, UpdateDeviceDocument } from './graphql/generated/documents.js';
import { declare, type Declaration } from './agent/declaration.js';
import { keepIdentity, readIdentity, type Identity } from './agent/identity.js';
import { runAgent } from './agent/run-agent.js';
import { parseTargets, type TargetSettings } from './agent/targets.js';
import { graphqlClient, ServerRefusal } from '@espalier/client';

const USAGE = `espalier-agent --server URL [--pair CODE] [--target TARGET]... [options]

Measures on this machine for an Espalier server. The pairing code is needed once.

  --server       address of the API, for example http://127.0.0.1:4000
  --pair         pairing code from the devices page or createPairingCode
  --target       what to measure for, for example threads=1,precision=fp32,provider=cpu,batch=16; may be given up to
                 16 times, the most usual first; what it leaves out is as in this example
  --threads      threads of the one target, when there is no --target (default 1)
  --batch        items a network takes at once, when there is no --target (default 16)
  --data         folder for this agent's identity (default ~/.espalier-agent)
  --name         how the device is called (default this machine's name)
  --max-wait     seconds to wait for other processes to leave, in all of a batch of subjects, before measuring beside
                 them and marking the results unstable (default 300)
  --load-limit   seconds that a model may take to load (default 60)
  --run-limit    seconds that one run may take (default 20)
  --memory-limit mebibytes that the process with the models may have (default 60 % of what there is)
  --no-affinity  do not bind the runtime to processors`;

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    pair: { type: 'string' },
    data: { type: 'string' },
    name: { type: 'string' },
    target: { type: 'string', multiple: true },
    threads: { type: 'string' },
    batch: { type: 'string' },
    'max-wait': { type: 'string', default: '300' },
    'load-limit': { type: 'string' },
    'run-limit': { type: 'string' },
    'memory-limit': { type: 'string' },
    'no-affinity': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const log = pino({ name: 'agent', level: process.env['LOG_LEVEL'] ?? 'info' });

function fail(message: string): never {
  return refuse(`${message}\n\n${USAGE}`);
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** A number from 0; undefined when the option is not given. */
function numberOf(
  option: 'max-wait' | 'load-limit' | 'run-limit' | 'memory-limit',
  most: number,
): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= most))
    fail(`--${option} is ${text}; expected 0–${String(most)}.`);
  return value;
}

function targetsGiven(): readonly TargetSettings[] {
  const { target, threads, batch } = values;
  if (target !== undefined && (threads !== undefined || batch !== undefined))
    fail('--threads and --batch describe the one target when there is no --target.');
  const one = [
    threads === undefined ? '' : `threads=${threads}`,
    batch === undefined ? '' : `batch=${batch}`,
  ];
  try {
    return parseTargets(target ?? [one.filter((part) => part !== '').join(',') || 'threads=1']);
  } catch (error) {
    return fail((error as Error).message);
  }
}

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const server = values.server ?? fail('--server is missing.');
if (!URL.canParse(server)) fail(`--server ${server} is not an address.`);
const dataDir = resolve(values.data ?? join(homedir(), '.espalier-agent'));
const targets = targetsGiven();
const pinned = !values['no-affinity'];
const MAX_SECONDS = 86_400;
const maxWaitMs = 1000 * (numberOf('max-wait', MAX_SECONDS) ?? 0);
const loadSeconds = numberOf('load-limit', MAX_SECONDS);
const runSeconds = numberOf('run-limit', MAX_SECONDS);
const memoryMebibytes = numberOf('memory-limit', 2 ** 24);
const budget = {
  ...(loadSeconds !== undefined && { loadMs: 1000 * loadSeconds }),
  ...(runSeconds !== undefined && { runMs: 1000 * runSeconds }),
  ...(memoryMebibytes !== undefined && { memoryBytes: 2 ** 20 * memoryMebibytes }),
};

/** How long a report may still take after the agent was asked to stop, and the whole of stopping. */
const LAST_REPORT_MS = 8_000;
const STOP_MS = 9_500;

const stopping = new AbortController();
const closing = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    stopping.abort(new Error(signal));
    setTimeout(() => closing.abort(new Error(signal)), LAST_REPORT_MS).unref();
    // The process with the models ends with this one, also within a run.
    setTimeout(() => process.exit(0), STOP_MS).unref();
  });

const clientFor = (
  token: string | null,
  signal: AbortSignal = stopping.signal,
): ReturnType<typeof graphqlClient> =>
  graphqlClient({
    server,
    token,
    signal,
    onTrouble: (message, waitMs) => log.warn({ waitMs }, `${message}; trying again`),
  });

async function pair(code: string, declaration: Declaration): Promise<Identity> {
  const { registerDevice } = await clientFor(null).send(RegisterDeviceDocument, {
    input: { pairingCode: code, name: values.name ?? hostname().slice(0, 100), ...declaration },
  });
  const identity = { server, deviceId: registerDevice.device.id, token: registerDevice.agentToken };
  keepIdentity(dataDir, identity);
  return identity;
}

try {
  const known = readIdentity(dataDir, server);
  const code =
    known !== null
      ? null
      : (values.pair ?? fail('This machine is not paired with that server yet: --pair is missing.'));
  const declaration = await declare(targets, { pinned }).catch((error: unknown) =>
    refuse((error as Error).message),
  );
  const identity = known ?? (await pair(code ?? '', declaration));
  const client = clientFor(identity.token);
  const reporter = clientFor(identity.token, closing.signal);
  const update = async (through: typeof client): Promise<void> => {
    await through.send(UpdateDeviceDocument, { input: declaration });
  };
  if (known !== null) await update(client);
  for (const { target, coverage } of declaration.environment.targets)
    if (coverage === 'SOME')
      log.warn({ target }, 'the provider leaves part of the reference network to the processor');
  log.info({ deviceId: identity.deviceId, server, targets: declaration.environment.targets }, 'ready');
  await runAgent({
    client,
    reporter,
    device: {
      // One for the machine, whatever the data folder: two agents must not measure side by side.
      lockPath: join(tmpdir(), 'espalier-measuring.lock'),
      maxWaitMs,
      budget,
      pinned,
    },
    batchSize: 64,
    // A device that says again what it is gives back what it holds.
    giveBack: () => update(reporter),
    log,
    signal: stopping.signal,
  });
} catch (error) {
  if (!stopping.signal.aborted) {
    if (error instanceof ServerRefusal && error.code === 'UNAUTHENTICATED')
      log.fatal(
        `${error.message} Pair again: delete ${join(dataDir, 'agent.json')} and give a new --pair code.`,
      );
    else log.fatal({ err: error }, (error as Error).message);
    process.exit(1);
  }
}
log.info('stopped');
process.exit(0);
