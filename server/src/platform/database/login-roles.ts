import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { APP_ROLE, QUEUE_ROLE } from '@espalier/migrations';
import { migrateQueue, QUEUE_SCHEMA } from '../queue/migrate-queue.js';
import { derivePassword } from '../secrets.js';

export interface LoginUrls {
  /** The application's role: row-level security applies, owns nothing. */
  readonly app: string;
  /** The queue's role: owns the schema `queue`. */
  readonly queue: string;
}

/** Login roles that the operator made; each is used instead of one of ours. */
export type GivenLogins = { readonly [Role in keyof LoginUrls]?: string | undefined };

/**
 * Makes the two login roles of this database as members of the group roles, with passwords that follow from the secret,
 * so that every process finds them without a place to keep them; and the queue's schema. Run after the migrations, as
 * the owner. Several processes at once take turns.
 */
export async function ensureLoginRoles(
  ownerUrl: string,
  secret: string,
  given: GivenLogins = {},
): Promise<LoginUrls> {
  const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1));
  const client = new Client({ connectionString: ownerUrl, application_name: 'espalier login roles' });
  await client.connect();
  try {
    // Held until the connection ends.
    await client.query('select pg_advisory_lock(hashtext($1))', ['espalier login roles']);
    const app = given.app ?? (await login(client, ownerUrl, `espalier_app_${database}`, secret));
    const queue = given.queue ?? (await login(client, ownerUrl, `espalier_queue_${database}`, secret));
    await join(client, app, APP_ROLE);
    await join(client, queue, QUEUE_ROLE);
    await prepareQueue(client, queue, database);
    return { app, queue };
  } finally {
    await client.end();
  }
}

/** A login role with the password that follows from the secret; returns its address. */
async function login(client: Client, ownerUrl: string, name: string, secret: string): Promise<string> {
  const password = derivePassword(secret, name);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  await client.query(
    `${rowCount ? 'alter' : 'create'} role ${escapeIdentifier(name)}
     login password ${escapeLiteral(password)}`,
  );
  const url = new URL(ownerUrl);
  url.username = encodeURIComponent(name);
  url.password = encodeURIComponent(password);
  return url.toString();
}

async function join(client: Client, url: string, group: string): Promise<void> {
  await client.query(`grant ${escapeIdentifier(group)} to ${escapeIdentifier(roleOf(url))}`);
}

async function prepareQueue(client: Client, url: string, database: string): Promise<void> {
  const role = escapeIdentifier(roleOf(url));
  const schema = escapeIdentifier(QUEUE_SCHEMA);
  const { rowCount } = await client.query('select from pg_namespace where nspname = $1', [QUEUE_SCHEMA]);
  if (!rowCount) {
    // Who gives a schema to a role has to be able to become that role.
    await client.query(`grant ${role} to current_user`);
    await client.query(`create schema ${schema} authorization ${role}`);
    await client.query(`revoke ${role} from current_user`);
  }
  await migrateQueue(url, async (work) => {
    await client.query(`grant create on database ${escapeIdentifier(database)} to ${role}`);
    try {
      await work();
    } finally {
      await client.query(`revoke create on database ${escapeIdentifier(database)} from ${role}`);
    }
  });
}

const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);
