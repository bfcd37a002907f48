import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { APP_ROLE, QUEUE_ROLE } from '@espalier/migrations';
import { derivePassword } from '../secrets.js';

export interface LoginUrls {
  /** The application's role: row-level security applies, owns nothing. */
  readonly app: string;
  /** The queue's role: owns the schema `queue`. */
  readonly queue: string;
}

/**
 * Makes the two login roles of this database as members of the group roles, with passwords that follow from the secret,
 * so that every process finds them without a place to keep them. Run after the migrations, as the owner.
 */
export async function ensureLoginRoles(ownerUrl: string, secret: string): Promise<LoginUrls> {
  const url = new URL(ownerUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', ['espalier login roles']);
    const app = await login(client, `espalier_app_${database}`, APP_ROLE, secret);
    const queue = await login(client, `espalier_queue_${database}`, QUEUE_ROLE, secret);
    await client.query(`grant ${escapeIdentifier(queue.name)} to current_user`);
    await client.query(`create schema if not exists queue authorization ${escapeIdentifier(queue.name)}`);
    return { app: withUser(url, app), queue: withUser(url, queue) };
  } finally {
    await client.end();
  }
}

interface Login {
  readonly name: string;
  readonly password: string;
}

async function login(client: Client, name: string, group: string, secret: string): Promise<Login> {
  const password = derivePassword(secret, name);
  const role = escapeIdentifier(name);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  await client.query(
    `${rowCount ? 'alter' : 'create'} role ${role} login inherit nosuperuser nocreatedb nocreaterole nobypassrls password ${escapeLiteral(password)}`,
  );
  await client.query(`grant ${escapeIdentifier(group)} to ${role}`);
  return { name, password };
}

function withUser(url: URL, { name, password }: Login): string {
  const copy = new URL(url);
  copy.username = encodeURIComponent(name);
  copy.password = encodeURIComponent(password);
  return copy.toString();
}
