import type { Transaction } from '../../platform/database/tenancy.js';
import type { Accepted } from './store-results.js';
import { charge, weightOf } from './turns.js';

/**
 * Corrects what the leases were charged with to the device time that they took: as the agent says, at most the lease's age;
 * where it does not say, what passed on the device since its last report (`chargedUntil`) is shared by what is reported now,
 * so that subjects which are measured in turn are never charged for the same second twice.
 */
export async function chargeTime(
  tx: Transaction,
  deviceId: string,
  chargedUntil: Date | null,
  accepted: readonly Accepted[],
): Promise<void> {
  const elapsed = elapsedMs(chargedUntil, accepted);
  const unsaid = accepted.filter(({ report }) => report.deviceMs === null).length;
  const took = ({ row, report }: Accepted): number =>
    report.deviceMs === null ? elapsed / unsaid : Math.min(report.deviceMs, row.ageMs ?? 0);
  for (const teamId of [...new Set(accepted.map(({ row }) => row.teamId))].sort()) {
    const entries = accepted.filter(({ row }) => row.teamId === teamId);
    const [first] = entries;
    if (!first) continue;
    const { poolId, leasedAt } = first.row;
    const deviceMs = entries.reduce((sum, entry) => sum + took(entry), 0);
    const more = deviceMs - entries.reduce((sum, { row }) => sum + row.expectedMs, 0);
    const weight = await weightOf(tx, poolId, teamId);
    await charge(tx, {
      poolId,
      teamId,
      deviceId,
      deviceMs: more,
      virtualMs: more / weight,
      servedMs: null,
      measurements: entries.length,
      meanMs: deviceMs / entries.length,
      at: leasedAt,
    });
  }
}

/** Since the oldest of the leases, or since the device's last report when that was later, milliseconds. */
function elapsedMs(chargedUntil: Date | null, accepted: readonly Accepted[]): number {
  const oldest = Math.max(...accepted.map(({ row }) => row.ageMs ?? 0));
  if (chargedUntil === null) return oldest;
  const [first] = accepted;
  const { ageMs, leasedAt } = first?.row ?? { ageMs: null, leasedAt: null };
  // Both instants are the database's: a difference of clocks between the processes does not matter.
  const now = ageMs === null || leasedAt === null ? null : leasedAt.getTime() + ageMs;
  return now === null ? oldest : Math.max(0, Math.min(oldest, now - chargedUntil.getTime()));
}
