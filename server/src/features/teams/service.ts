import { createHash, randomUUID } from 'node:crypto';
import type { RequestContext } from '../../graphql/context.js';
import type { Scope as TokenScope } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedText } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise, scopesOf } from '../../platform/authorise.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import { mintToken } from '../../platform/tokens.js';
import { TeamEntity, TokenEntity, type TeamRow, type TokenRow } from './entities.js';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

export interface CreateTeam {
  readonly idempotencyKey: string;
  readonly slug: string;
  readonly name: string;
}

/** Makes a team with the calling person as its owner. CONFLICT when the short name is taken. */
export async function createTeam(
  ctx: RequestContext,
  { idempotencyKey, ...input }: CreateTeam,
): Promise<TeamRow> {
  const { principal } = ctx;
  if (principal.kind !== 'USER')
    throw new EspalierError('UNAUTHENTICATED', 'Sign in: a team needs a person as its owner.');
  if (!SLUG.test(input.slug))
    throw badInput(
      'input.slug',
      'slug has 1–63 lower-case letters, digits and dashes and does not begin with a dash.',
    );
  const name = checkedText('input.name', input.name, 1, 100);
  // The key belongs to the team it makes, so the team's id follows from the person and the key.
  const teamId = teamIdOf(principal.userId, idempotencyKey);
  return ctx.inScope({ ...ctx.scope, teamId }, async (tx) => {
    await idempotent(tx, { teamId, operation: 'createTeam', key: idempotencyKey, input }, async () => {
      await insertTeam(tx, { id: teamId, slug: input.slug, name });
      await tx.query(`insert into memberships (team_id, user_id, role) values ($1, $2, 'OWNER')`, [
        teamId,
        principal.userId,
      ]);
      await audit(tx, { teamId, actor: actorOf(principal), action: 'createTeam', subject: teamId });
      return teamId;
    });
    return tx.getRepository(TeamEntity).findOneByOrFail({ id: teamId });
  });
}

/** Teams that the caller may not see have short names too: the unique index knows them all. */
async function insertTeam(tx: Transaction, team: Pick<TeamRow, 'id' | 'slug' | 'name'>): Promise<void> {
  const rows = await tx.query<unknown[]>(
    'insert into teams (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing returning id',
    [team.id, team.slug, team.name],
  );
  if (rows.length === 0)
    throw new EspalierError('CONFLICT', 'This short name is taken.', { field: 'input.slug' });
}

export interface CreateToken {
  readonly idempotencyKey: string;
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly expiresInDays?: number | null | undefined;
}

/** Makes an API token no wider than its maker. The secret is given once: a replay has none. */
export async function createToken(
  ctx: RequestContext,
  { idempotencyKey, ...input }: CreateToken,
): Promise<{ token: TokenRow; secret: string | null }> {
  const teamId = authorise(ctx, 'TEAM_ADMIN');
  const { principal } = ctx;
  if (principal.kind !== 'USER' && principal.kind !== 'TOKEN')
    throw new EspalierError('FORBIDDEN', 'An agent makes no tokens.');
  const role = principal.role ?? 'VIEWER';
  const name = checkedText('input.name', input.name, 1, 100);
  checkedCount('input.scopes', input.scopes, 1, 20);
  const scopes = [...new Set(input.scopes)];
  const own = principal.kind === 'TOKEN' ? principal.scopes : scopesOf(role);
  const tooWide = scopes.find((scope) => !own.includes(scope));
  if (tooWide) throw badInput('input.scopes', `${tooWide} is wider than what you may do yourself.`);
  const days =
    input.expiresInDays == null ? null : checkedInteger('input.expiresInDays', input.expiresInDays, 1, 365);
  return ctx.read(async (tx) => {
    let secret: string | null = null;
    const { result } = await idempotent(
      tx,
      { teamId, operation: 'createToken', key: idempotencyKey, input },
      async () => {
        const minted = mintToken('API');
        secret = minted.secret;
        const id = randomUUID();
        await tx.getRepository(TokenEntity).insert({
          id,
          teamId,
          kind: 'API',
          name,
          prefix: minted.prefix,
          secretHash: minted.hash,
          scopes,
          role,
          createdBy: principal.kind === 'USER' ? principal.userId : null,
          expiresAt: days === null ? null : new Date(Date.now() + days * 86_400_000),
        });
        await audit(tx, {
          teamId,
          actor: actorOf(principal),
          action: 'createToken',
          subject: id,
          detail: { name, scopes },
        });
        return id;
      },
    );
    return { token: await tx.getRepository(TokenEntity).findOneByOrFail({ id: result }), secret };
  });
}

/** Revokes a token of the team; at once for the next request. Revoking twice changes nothing. */
export async function revokeToken(ctx: RequestContext, tokenId: string): Promise<TokenRow> {
  const teamId = authorise(ctx, 'TEAM_ADMIN');
  const id = uuidOf('Token', tokenId, 'input.tokenId');
  return ctx.read(async (tx) => {
    const token = await tx.getRepository(TokenEntity).findOneBy({ id, teamId });
    if (!token) throw notFound('Token');
    if (token.revokedAt) return token;
    await tx.query('update tokens set revoked_at = now() where id = $1', [id]);
    await audit(tx, { teamId, actor: actorOf(ctx.principal), action: 'revokeToken', subject: id });
    return tx.getRepository(TokenEntity).findOneByOrFail({ id });
  });
}

/**
 * The id of the team that a person makes with a key. A hash, so that no key can be chosen that leads to the id of a team
 * that is there: whoever could would become its owner.
 */
function teamIdOf(userId: string, key: string): TeamId {
  const hash = createHash('sha256').update(`createTeam ${userId} ${key}`).digest();
  // Version 8 of RFC 9562: the bits are ours to choose.
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}` as TeamId;
}
