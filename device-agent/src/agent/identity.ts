import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an agent is to its server; kept on its machine, readable by its owner alone. */
export interface Identity {
  readonly server: string;
  readonly deviceId: string;
  readonly token: string;
}

const pathIn = (dataDir: string): string => join(dataDir, 'agent.json');

/** The identity of an earlier start for the same server; null when there is none. */
export function readIdentity(dataDir: string, server: string): Identity | null {
  if (!existsSync(pathIn(dataDir))) return null;
  const kept = JSON.parse(readFileSync(pathIn(dataDir), 'utf8')) as Identity;
  return kept.server === server ? kept : null;
}

export function keepIdentity(dataDir: string, identity: Identity): void {
  mkdirSync(dataDir, { recursive: true });
  const draft = `${pathIn(dataDir)}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(identity, null, 2), { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, pathIn(dataDir));
}
