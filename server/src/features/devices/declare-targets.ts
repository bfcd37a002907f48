import type { HardwareTargetInput } from '../../graphql/generated/resolvers.js';
import { checkedCount } from '../../graphql/input-checks.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { badInput } from '../../platform/errors.js';
import { checkedTarget, fingerprintOf, targetFor, type TargetFacts } from './targets.js';

/** Most targets of one device. */
const MOST_TARGETS = 16;

/** What an agent declares, checked: at least one target, and none twice. */
export function checkedTargets(field: string, targets: readonly HardwareTargetInput[]): TargetFacts[] {
  checkedCount(field, targets, 1, MOST_TARGETS);
  const seen = new Set<string>();
  return targets.map((target, i) => {
    const facts = checkedTarget(`${field}.${i}`, target);
    const fingerprint = fingerprintOf(facts);
    if (seen.has(fingerprint)) throw badInput(`${field}.${i}`, `${field} has this target twice.`);
    seen.add(fingerprint);
    return facts;
  });
}

/** Makes these the targets of a device, in this order, and no others. */
export async function declareTargets(
  tx: Transaction,
  device: { readonly id: string; readonly teamId: TeamId; readonly poolId: string },
  targets: readonly TargetFacts[],
): Promise<void> {
  const ids: string[] = [];
  for (const facts of targets) ids.push(await targetFor(tx, device.teamId, facts));
  await tx.query('delete from device_targets where device_id = $1 and target_id <> all($2)', [
    device.id,
    ids,
  ]);
  await tx.query(
    `insert into device_targets (team_id, pool_id, device_id, target_id, fingerprint, ordinal)
     select $1, $2, $3, declared.id, declared.fingerprint, declared.place
     from unnest($4::uuid[], $5::text[]) with ordinality as declared(id, fingerprint, place)
     on conflict (device_id, target_id) do update set ordinal = excluded.ordinal`,
    [device.teamId, device.poolId, device.id, ids, targets.map(fingerprintOf)],
  );
}
