import type { RequestContext } from '../../graphql/context.js';
import type { UpdateDeviceInput } from '../../graphql/generated/resolvers.js';
import { checkedJsonObject, checkedText } from '../../graphql/input-checks.js';
import { audit } from '../../platform/audit.js';
import { authoriseAgent } from '../../platform/authorise.js';
import { releaseLeases } from '../profiles/leases.js';
import { checkedTargets, declareTargets } from './declare-targets.js';
import type { DeviceRow } from './entities.js';
import { agentDevice } from './heartbeat.js';

/**
 * Says what a device is by now, for an agent that starts again: version, environment and targets. Leases from before its
 * start are given to others, for it holds none.
 */
export async function updateDevice(ctx: RequestContext, input: UpdateDeviceInput): Promise<DeviceRow> {
  const { teamId, deviceId: id } = authoriseAgent(ctx);
  const agentVersion = checkedText('input.agentVersion', input.agentVersion, 1, 50);
  const environment = checkedJsonObject('input.environment', input.environment, 64_000);
  const targets = checkedTargets('input.targets', input.targets);
  return ctx.read(async (tx) => {
    await releaseLeases(tx, id);
    const { poolId } = await agentDevice(tx, id);
    await declareTargets(tx, { id, teamId, poolId }, targets);
    await tx.query(
      `update devices set agent_version = $2, environment = $3, last_seen_at = now(), activity = null,
         serving_team_id = null, serving_since = null
       where id = $1`,
      [id, agentVersion, JSON.stringify(environment)],
    );
    const detail = { agentVersion, targets: targets.length };
    await audit(tx, { teamId, actor: `agent:${id}`, action: 'updateDevice', subject: id, detail });
    return agentDevice(tx, id);
  });
}
