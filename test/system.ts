import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphqlClient, type Client } from '@espalier/client';
import { startSystem as startProcesses, type DemoAccount, type Part } from '../scripts/system.mjs';

export interface TestSystem {
  readonly apiUrl: string;
  /** Null unless `web` was asked for. */
  readonly webUrl: string | null;
  readonly demo: DemoAccount;
  readonly dataDir: string;
  /** Speaks for the demo team; waits for an API that is being started again. */
  readonly client: Client;
  /** `kill -9`, as a power cut would; resolves when the process is gone. It is started again. */
  kill(part: 'api' | 'worker' | 'agent'): Promise<void>;
  /** Stops everything and removes the data. */
  stop(): Promise<void>;
}

export interface TestSystemOptions {
  readonly web?: boolean;
  readonly agent?: boolean;
}

/** How much of what the processes said is shown when starting them fails. */
const LAST_LINES = 40;

/** Database, seed, API and worker, and if asked for agent and web: the processes of `npm start` on free ports and a folder of their own. */
export async function startSystem({
  web = false,
  agent = false,
}: TestSystemOptions = {}): Promise<TestSystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'espalier-system-'));
  // PostgreSQL runs as a user of its own when we are root, and has to reach its folder.
  chmodSync(dataDir, 0o755);
  const said: string[] = [];
  const onLine = (name: string, line: string): void => {
    said.push(`${name}: ${line}`);
    if (said.length > LAST_LINES) said.shift();
  };
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const system = await startProcesses({ dataDir, webPort: web ? 0 : null, agent, onLine });
    const { apiUrl, webUrl, demo, parts } = system;
    const closing = new AbortController();
    return {
      apiUrl,
      webUrl,
      demo,
      dataDir,
      client: graphqlClient({
        server: apiUrl,
        token: demo.token,
        signal: closing.signal,
        onTrouble: () => undefined,
      }),
      kill: (name) => killed(name, parts[name]?.current),
      async stop() {
        closing.abort(new Error('the system was stopped'));
        await system.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw new Error(`The system does not start.\n${said.join('\n')}`, { cause: error });
  }
}

async function killed(name: string, part: Part | undefined): Promise<void> {
  if (!part) throw new Error(`This system was started without ${name}.`);
  part.kill('SIGKILL');
  const { signal } = await part.ended;
  if (signal !== 'SIGKILL') throw new Error(`${name} ended before it was killed.`);
}
