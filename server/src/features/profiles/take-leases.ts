import type { Transaction } from '../../platform/database/tenancy.js';
import { HardwareTargetEntity, type HardwareTargetRow } from '../devices/entities.js';
import type { MeasurementSubject } from './entities.js';
import { WAITS_FOR, type Asking, type Turn } from './turns.js';

/** How often a measurement is begun before it is given up. */
export const MAX_ATTEMPTS = 3;
export const LEASE_LIFETIME = `interval '60 seconds'`;

export interface Lease {
  readonly measurementId: string;
  readonly fencingNumber: number;
  readonly expiresAt: Date;
  /** Null for a model. */
  readonly spaceVersionId: string | null;
  readonly subject: MeasurementSubject;
  readonly seed: number;
  /** As the device's owner knows it. */
  readonly target: HardwareTargetRow;
}

export interface TakenLease extends Lease {
  readonly runId: string;
  readonly teamId: string;
  /** Its campaign has not begun before. */
  readonly fresh: boolean;
}

interface TakenRow {
  readonly id: string;
  readonly subject: MeasurementSubject;
  readonly fencing_number: number;
  readonly lease_expires_at: Date;
  readonly profile_run_id: string;
  readonly ordinal: number;
  readonly created_at: Date;
  readonly seed: number;
  readonly fresh: boolean;
  readonly space_version_id: string | null;
}

/** Leases up to `count` measurements of a turn's team and target, in the order of its campaigns and their plans. */
export async function takeLeases(
  tx: Transaction,
  device: Asking,
  { teamId, fingerprint, expectedMs }: Turn,
  count: number,
): Promise<TakenLease[]> {
  const [taken] = await tx.query<[TakenRow[], number]>(
    `with waiting as (
       select w.id, r.seed, r.space_version_id, r.created_at, r.status = 'QUEUED' as fresh
       from profile_runs r cross join lateral (
         select m.id, m.ordinal from measurements m
         where m.profile_run_id = r.id and ${WAITS_FOR('$4', '$5')}
         order by m.ordinal limit $6 for no key update of m skip locked) w
       where r.pool_id = $1 and r.team_id = $2 and r.target_fingerprint = $3 and r.status in ('QUEUED', 'RUNNING')
       order by r.created_at, r.id limit $6)
     update measurements m set status = 'LEASED', attempts = m.attempts + 1, device_id = $4, leased_at = now(),
       expected_ms = $7, fencing_number = nextval('lease_fencing'), lease_expires_at = now() + ${LEASE_LIFETIME}
     from waiting w where m.id = w.id
     returning m.id, m.subject, m.fencing_number, m.lease_expires_at, m.profile_run_id, m.ordinal, w.created_at, w.seed, w.fresh,
       w.space_version_id`,
    [device.poolId, teamId, fingerprint, device.id, device.alone, count, expectedMs],
  );
  if (taken.length === 0) return [];
  const target = await targetOf(tx, device.teamId, fingerprint);
  return taken
    .sort(
      (a, b) =>
        a.created_at.getTime() - b.created_at.getTime() ||
        a.profile_run_id.localeCompare(b.profile_run_id) ||
        a.ordinal - b.ordinal,
    )
    .map((row) => ({
      runId: row.profile_run_id,
      teamId,
      fresh: row.fresh,
      measurementId: row.id,
      fencingNumber: row.fencing_number,
      expiresAt: row.lease_expires_at,
      spaceVersionId: row.space_version_id,
      subject: row.subject,
      seed: row.seed,
      target,
    }));
}

const targetOf = (tx: Transaction, teamId: string, fingerprint: string): Promise<HardwareTargetRow> =>
  tx.getRepository(HardwareTargetEntity).findOneByOrFail({ teamId, fingerprint });

/** A space that leased subjects belong to. */
export interface LeasedSpace {
  readonly spaceVersionId: string;
  readonly document: unknown;
}

/** The spaces of the leases, each once, however many subjects of it are leased. */
export async function spacesOf(tx: Transaction, leases: readonly Lease[]): Promise<LeasedSpace[]> {
  const ids = [...new Set(leases.flatMap(({ spaceVersionId: id }) => (id === null ? [] : [id])))];
  if (ids.length === 0) return [];
  return tx.query<LeasedSpace[]>(
    'select id as "spaceVersionId", document from space_versions where id = any($1) order by id',
    [ids],
  );
}
