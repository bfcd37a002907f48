import type { Principal } from '../../graphql/context.js';
import type { Role, Scope } from '../../graphql/generated/resolvers.js';
import type { InScope, TeamId } from '../database/tenancy.js';
import { EspalierError } from '../errors.js';
import { hashSecret, tokenKind } from '../tokens.js';

export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  /** The `x-espalier-team` header: short name of the team that a person acts for. */
  readonly team: string | undefined;
}

/**
 * Who sends these credentials. None are a visitor's; wrong, expired or revoked ones are UNAUTHENTICATED, all with the
 * same words, so that a guess learns nothing. A team that is not the person's is NOT_FOUND.
 */
export async function authenticate(
  inScope: InScope,
  { authorization, team }: Credentials,
): Promise<Principal> {
  if (authorization === undefined || authorization === '') return { kind: 'VISITOR' };
  const secret = /^Bearer (\S{1,100})$/i.exec(authorization)?.[1] ?? '';
  switch (tokenKind(secret)) {
    case null:
      throw refused();
    case 'SESSION':
      return person(inScope, secret, team);
    case 'API':
    case 'AGENT':
      return token(inScope, secret);
  }
}

const refused = (): EspalierError =>
  new EspalierError('UNAUTHENTICATED', 'The token is not valid, has expired or was revoked.');

async function person(inScope: InScope, secret: string, slug: string | undefined): Promise<Principal> {
  const secretHash = hashSecret(secret).toString('hex');
  const session = await inScope({ secretHash, publicRows: false }, async (tx) => {
    const rows = await tx.query<{ id: string; user_id: string }[]>(
      'select id, user_id from sessions where secret_hash = app_secret_hash() and expires_at > now()',
    );
    return rows[0];
  });
  if (!session) throw refused();
  const memberships = await inScope({ userId: session.user_id, publicRows: false }, (tx) =>
    tx.query<{ team_id: TeamId; role: Role; slug: string }[]>(
      `select m.team_id, m.role, t.slug from memberships m join teams t on t.id = m.team_id
       where m.user_id = app_user() order by m.created_at, m.team_id`,
    ),
  );
  const chosen = slug === undefined ? memberships[0] : memberships.find((m) => m.slug === slug);
  if (slug !== undefined && !chosen) throw new EspalierError('NOT_FOUND', 'Team not found.');
  return {
    kind: 'USER',
    userId: session.user_id,
    sessionId: session.id,
    teamId: chosen?.team_id ?? null,
    role: chosen?.role ?? null,
  };
}

interface StoredToken {
  readonly id: string;
  readonly team_id: TeamId;
  readonly kind: 'API' | 'AGENT';
  readonly role: Role;
  readonly scopes: Scope[];
  readonly device_id: string | null;
  readonly pool_id: string | null;
  readonly stale: boolean;
}

async function token(inScope: InScope, secret: string): Promise<Principal> {
  const secretHash = hashSecret(secret).toString('hex');
  const stored = await inScope({ secretHash, publicRows: false }, async (tx) => {
    const rows = await tx.query<StoredToken[]>(
      `select id, team_id, kind, role, scopes, device_id, pool_id,
         coalesce(last_used_at < now() - interval '1 minute', true) as stale
       from tokens
       where secret_hash = app_secret_hash() and revoked_at is null and (expires_at is null or expires_at > now())`,
    );
    return rows[0];
  });
  if (!stored) throw refused();
  const teamId = stored.team_id;
  if (stored.stale)
    await inScope({ teamId }, (tx) =>
      tx.query('update tokens set last_used_at = now() where id = $1', [stored.id]),
    );
  if (stored.kind === 'API')
    return { kind: 'TOKEN', tokenId: stored.id, teamId, role: stored.role, scopes: stored.scopes };
  const { device_id: deviceId, pool_id: poolId } = stored;
  if (!deviceId || !poolId) throw refused();
  return { kind: 'AGENT', tokenId: stored.id, teamId, deviceId, poolId };
}
