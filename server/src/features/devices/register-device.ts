import type { RequestContext } from '../../graphql/context.js';
import type { RegisterDeviceInput } from '../../graphql/generated/resolvers.js';
import { checkedJsonObject, checkedText } from '../../graphql/input-checks.js';
import { audit } from '../../platform/audit.js';
import { openPool, type TeamId, type Transaction } from '../../platform/database/tenancy.js';
import { EspalierError } from '../../platform/errors.js';
import { mintToken } from '../../platform/tokens.js';
import { releaseLeases } from '../profiles/leases.js';
import { DeviceEntity, type DeviceRow } from './entities.js';
import { pairingCodeHash } from './pairing-code.js';
import { checkedTargets, declareTargets } from './declare-targets.js';
import type { TargetFacts } from './targets.js';

/**
 * Lets a device into the pool that a pairing code is for, and gives its agent a token. A device that registers again
 * under its name is the same device: it is brought up to date, and what held its old token loses token and leases.
 * PAIRING_CODE_INVALID for an unknown, used or expired code, all with the same words; CONFLICT for a name that another
 * pool's device has. A refused registration does not use up the code.
 */
export async function registerDevice(
  { inScope }: Pick<RequestContext, 'inScope'>,
  input: RegisterDeviceInput,
): Promise<{ device: DeviceRow; agentToken: string }> {
  const facts: DeviceFacts = {
    name: checkedText('input.name', input.name, 1, 100),
    agentVersion: checkedText('input.agentVersion', input.agentVersion, 1, 50),
    environment: checkedJsonObject('input.environment', input.environment, 64_000),
    targets: checkedTargets('input.targets', input.targets),
  };
  const hash = pairingCodeHash(input.pairingCode);
  if (!hash) throw invalidCode();
  // The code is all that the caller has: it shows the one row that it opens, and that row names the team.
  const code = await inScope({ secretHash: hash.toString('hex'), publicRows: false }, async (tx) => {
    const rows = await tx.query<{ id: string; team_id: TeamId }[]>(
      'select id, team_id from pairing_codes where secret_hash = app_secret_hash()',
    );
    return rows[0];
  });
  if (!code) throw invalidCode();
  return inScope({ teamId: code.team_id, publicRows: false }, async (tx) => {
    const poolId = await useCode(tx, code.id);
    const id = await storeDevice(tx, code.team_id, poolId, facts);
    const agentToken = await giveToken(tx, code.team_id, poolId, id, facts.name);
    await audit(tx, {
      teamId: code.team_id,
      actor: `agent:${id}`,
      action: 'registerDevice',
      subject: id,
      detail: { name: facts.name, poolId },
    });
    return { device: await tx.getRepository(DeviceEntity).findOneByOrFail({ id }), agentToken };
  });
}

interface DeviceFacts {
  readonly name: string;
  readonly agentVersion: string;
  readonly environment: Record<string, unknown>;
  readonly targets: readonly TargetFacts[];
}

/** Spends the code: of two that use it at once, the second waits here and finds it used. */
async function useCode(tx: Transaction, id: string): Promise<string> {
  const [rows] = await tx.query<[{ pool_id: string }[], number]>(
    `update pairing_codes set used_at = now()
     where id = $1 and used_at is null and expires_at > now() returning pool_id`,
    [id],
  );
  const [used] = rows;
  if (!used) throw invalidCode();
  return used.pool_id;
}

async function storeDevice(
  tx: Transaction,
  teamId: TeamId,
  poolId: string,
  facts: DeviceFacts,
): Promise<string> {
  const [before] = await tx.query<{ id: string }[]>(
    'select id from devices where team_id = $1 and name = $2 and pool_id = $3',
    [teamId, facts.name, poolId],
  );
  if (before) {
    await openPool(tx, poolId);
    await releaseLeases(tx, before.id);
  }
  const [device] = await tx.query<{ id: string }[]>(
    `insert into devices (team_id, pool_id, name, environment, agent_version, last_seen_at)
     values ($1, $2, $3, $4, $5, now())
     on conflict (team_id, name) do update set environment = excluded.environment, agent_version = excluded.agent_version,
       last_seen_at = excluded.last_seen_at, activity = null, serving_team_id = null, serving_since = null
     where devices.pool_id = excluded.pool_id
     returning id`,
    [teamId, poolId, facts.name, JSON.stringify(facts.environment), facts.agentVersion],
  );
  if (!device)
    throw new EspalierError('CONFLICT', `Another pool has a device called ${facts.name}.`, {
      field: 'input.name',
    });
  await declareTargets(tx, { id: device.id, teamId, poolId }, facts.targets);
  return device.id;
}

async function giveToken(
  tx: Transaction,
  teamId: TeamId,
  poolId: string,
  deviceId: string,
  name: string,
): Promise<string> {
  await tx.query('update tokens set revoked_at = now() where device_id = $1 and revoked_at is null', [
    deviceId,
  ]);
  const { secret, prefix, hash } = mintToken('AGENT');
  await tx.query(
    `insert into tokens (team_id, kind, name, prefix, secret_hash, scopes, role, device_id, pool_id)
     values ($1, 'AGENT', $2, $3, $4, '{AGENT}', 'VIEWER', $5, $6)`,
    [teamId, name, prefix, hash, deviceId, poolId],
  );
  return secret;
}

const invalidCode = (): EspalierError =>
  new EspalierError('PAIRING_CODE_INVALID', 'The pairing code is unknown, used or expired.', {
    field: 'input.pairingCode',
  });
