import type { Transaction } from '../../platform/database/tenancy.js';

/** What a device may be given, as its agent's scope sees it. */
export interface Availability {
  readonly id: string;
  /** The pool's owner. */
  readonly teamId: string;
  readonly poolId: string;
  /** Fingerprints of what it measures for. */
  readonly fingerprints: readonly string[];
  /** Why it gets no work; null when it does. */
  readonly pause: string | null;
  /** No other device that could take its work was heard from within the last minute. */
  readonly alone: boolean;
}

/** Whether a device gets work. Null when it is not there, for example because it was removed. */
export async function availabilityOf(tx: Transaction, deviceId: string): Promise<Availability | null> {
  const [device] = await tx.query<(Omit<Availability, 'pause'> & PauseColumns)[]>(
    `select d.id, d.team_id as "teamId", d.pool_id as "poolId", ${PAUSE_COLUMNS},
       coalesce((select array_agg(t.fingerprint order by t.ordinal) from device_targets t where t.device_id = d.id), '{}')
         as fingerprints,
       not exists (
         select from devices other
           join device_targets theirs on theirs.device_id = other.id
           join device_targets mine on mine.device_id = d.id and mine.fingerprint = theirs.fingerprint
         where other.pool_id = d.pool_id and other.id <> d.id and other.quarantined_at is null
           and other.last_seen_at > now() - interval '1 minute') as alone
     from devices d where d.id = $1`,
    [deviceId],
  );
  if (!device) return null;
  const { quarantine, maintenance, maintenanceEnds, ...rest } = device;
  return { ...rest, pause: pauseOf({ quarantine, maintenance, maintenanceEnds }) };
}

export interface PauseColumns {
  readonly quarantine: string | null;
  readonly maintenance: string | null;
  readonly maintenanceEnds: Date | null;
}

const WINDOW_NOW = `from maintenance_windows w where w.pool_id = d.pool_id and (w.device_id is null or w.device_id = d.id)
  and w.starts_at <= now() and w.ends_at > now() order by w.ends_at desc limit 1`;

/** Columns of a device `d` that say why it is paused. */
export const PAUSE_COLUMNS = `d.quarantine_reason as quarantine,
  (select w.reason ${WINDOW_NOW}) as maintenance, (select w.ends_at ${WINDOW_NOW}) as "maintenanceEnds"`;

/** Why a device gets no work, in words; null when it does. */
export function pauseOf({ quarantine, maintenance, maintenanceEnds }: PauseColumns): string | null {
  if (quarantine !== null) return `quarantined: ${quarantine}`;
  if (maintenance !== null && maintenanceEnds !== null)
    return `maintenance until ${instantInWords(maintenanceEnds)}: ${maintenance}`;
  return null;
}

/** For example `2026-05-04 12:00 UTC`. */
export const instantInWords = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
