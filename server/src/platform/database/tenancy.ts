import type { DataSource, EntityManager } from 'typeorm';

declare const brand: unique symbol;
/** The UUID of a team; made only where membership or a token has been checked. */
export type TeamId = string & { readonly [brand]: 'TeamId' };

/**
 * What a transaction may see. Row-level security reads these as transaction-local settings (`app.*`); with none of
 * them set no tenant row is visible.
 */
export interface Scope {
  /** Rows of this team, read and write. */
  readonly teamId?: TeamId | undefined;
  /** The person's own account and memberships. */
  readonly userId?: string | undefined;
  /** Rows that their teams made public, read only. On by default; nothing private is in them. */
  readonly publicRows?: boolean;
  /** The one row whose secret hashes to this (hexadecimal SHA-256): a token, a session or a pairing code. */
  readonly secretHash?: string | undefined;
  /** The one account with this e-mail address, for sign-in. */
  readonly email?: string | undefined;
  /**
   * Campaigns and measurements in this pool, whichever team's, and what live ones are built from. For the agents of the
   * pool's devices, and for their owner only to take leases back.
   */
  readonly poolId?: string | undefined;
  /** The one team with this short name or id, for granting it something. */
  readonly namedTeam?: string | undefined;
}

export type Transaction = EntityManager;

/** Runs `work` in one transaction that sees only `scope`. Rolls back when it throws. */
export type InScope = <T>(scope: Scope, work: (tx: Transaction) => Promise<T>) => Promise<T>;

const settings: readonly (readonly [string, (scope: Scope) => string | undefined])[] = [
  ['app.team_id', (s) => s.teamId],
  ['app.user_id', (s) => s.userId],
  ['app.public_rows', (s) => (s.publicRows === false ? undefined : 'on')],
  ['app.secret_hash', (s) => s.secretHash],
  ['app.email', (s) => s.email],
  ['app.pool_id', (s) => s.poolId],
  ['app.named_team', (s) => s.namedTeam],
];

export function scopedTransactions(dataSource: DataSource): InScope {
  const statement = `select ${settings.map(([name], i) => `set_config('${name}', $${i + 1}, true)`).join(', ')}`;
  return (scope, work) =>
    dataSource.transaction(async (tx) => {
      await tx.query(
        statement,
        settings.map(([, value]) => value(scope) ?? ''),
      );
      return work(tx);
    });
}

/**
 * Runs `work` as the team that owns a row which this transaction holds locked: what an agent's report completes is written
 * in the name of the team whose campaign it is. The scope is as before afterwards; after an error it ends with the
 * transaction.
 */
export async function asOwningTeam<T>(
  tx: Transaction,
  row: { readonly teamId: string },
  work: () => Promise<T>,
): Promise<T> {
  const [before] = await tx.query<{ team: string | null }[]>(
    `select current_setting('app.team_id', true) as team, set_config('app.team_id', $1, true)`,
    [row.teamId],
  );
  const result = await work();
  await tx.query(`select set_config('app.team_id', $1, true)`, [before?.team ?? '']);
  return result;
}

/** Lets the rest of the transaction see the campaigns of a pool; its owner's right to that was checked before. */
export async function openPool(tx: Transaction, poolId: string): Promise<void> {
  await tx.query(`select set_config('app.pool_id', $1, true)`, [poolId]);
}
