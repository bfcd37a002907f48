#!/usr/bin/env node
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { describeMachine, hardwareTarget } from './environment/machine.js';
import { RegisterDeviceDocument } from './graphql/generated/documents.js';
import { keepIdentity, readIdentity, type Identity } from './agent/identity.js';
import { runAgent } from './agent/run-agent.js';
import { graphqlClient, ServerRefusal } from '@espalier/client';
import { AGENT_VERSION } from './version.js';

const USAGE = `espalier-agent --server URL [--pair CODE] [--data DIR] [--name NAME] [--threads N] [--batch N]

Measures on this machine for an Espalier server. The pairing code is needed once.

  --server   address of the API, for example http://127.0.0.1:4000
  --pair     pairing code from the devices page or createPairingCode
  --data     folder for this agent's identity (default ~/.espalier-agent)
  --name     how the device is called (default this machine's name)
  --threads  threads a network runs on (default 1)
  --batch    items a network takes at once (default 16)`;

const { values } = parseArgs({
  options: {
    server: { type: 'string' },
    pair: { type: 'string' },
    data: { type: 'string' },
    name: { type: 'string' },
    threads: { type: 'string', default: '1' },
    batch: { type: 'string', default: '16' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const log = pino({ name: 'agent', level: process.env['LOG_LEVEL'] ?? 'info' });

function fail(message: string): never {
  process.stderr.write(`${message}\n\n${USAGE}\n`);
  process.exit(2);
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    fail(`--${option} is ${text}; expected 1–${most}.`);
  return value;
}

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}
const server = values.server ?? fail('--server is missing.');
if (!URL.canParse(server)) fail(`--server ${server} is not an address.`);
const dataDir = resolve(values.data ?? join(process.env['HOME'] ?? '.', '.espalier-agent'));
const threads = wholeNumber('threads', values.threads, 256);
const batch = wholeNumber('batch', values.batch, 4096);

/** How long a report may still take after the agent was asked to stop. */
const LAST_REPORT_MS = 8_000;

const stopping = new AbortController();
const closing = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    stopping.abort(new Error(signal));
    setTimeout(() => closing.abort(new Error(signal)), LAST_REPORT_MS).unref();
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

async function pair(code: string): Promise<Identity> {
  const { registerDevice } = await clientFor(null).send(RegisterDeviceDocument, {
    input: {
      pairingCode: code,
      name: values.name ?? hostname().slice(0, 100),
      targets: [hardwareTarget({ threads, batch })],
      environment: describeMachine(),
      agentVersion: AGENT_VERSION,
    },
  });
  const identity = { server, deviceId: registerDevice.device.id, token: registerDevice.agentToken };
  keepIdentity(dataDir, identity);
  return identity;
}

try {
  const known = readIdentity(dataDir, server);
  const identity =
    known ??
    (values.pair
      ? await pair(values.pair)
      : fail('This machine is not paired with that server yet: --pair is missing.'));
  log.info({ deviceId: identity.deviceId, server }, 'ready');
  await runAgent({
    client: clientFor(identity.token),
    reporter: clientFor(identity.token, closing.signal),
    // One for the machine, whatever the data folder: two agents must not measure side by side.
    lockPath: join(tmpdir(), 'espalier-measuring.lock'),
    batchSize: 64,
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
