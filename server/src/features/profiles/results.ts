import {
  parseSubject,
  type Additivity,
  type MeasuredSubject,
  type ProfileEstimate,
} from '@espalier/nas/profile';
import { parseEncoding, type SearchSpace } from '@espalier/nas/space';
import type { Transaction } from '../../platform/database/tenancy.js';
import { SpaceVersionEntity, type SpaceVersionRow } from '../spaces/entities.js';
import {
  MeasurementEntity,
  type MeasurementRow,
  type ProfileRunRow,
  type StoredLatencyTable,
  type StoredProfileQuality,
} from './entities.js';
import { parsedSpace } from '../spaces/parsed-space.js';

/** A campaign in a space. */
export type SpaceRun = ProfileRunRow & { readonly spaceVersionId: string };

/** Keeps what whole networks measured beside the profile that they belong to. Null, or why there is nothing. */
export async function keepArchitectureLatencies(tx: Transaction, run: SpaceRun): Promise<string | null> {
  const { space } = parsedSpace(await versionOf(tx, run));
  const measured = await measurementsOf(tx, run);
  if (measured.length === 0) return 'No architecture could be measured.';
  // Held until the end, so that a profile shared at this moment takes these along.
  const [profile] = await tx.query<{ visibility: string }[]>(
    'select visibility from device_profiles where id = $1 for share',
    [run.deviceProfileId],
  );
  if (!profile) return 'The device profile is gone.';
  const rows = measured.flatMap(({ id, subject, floorMs, unstableReason }) =>
    subject.kind === 'NETWORK' && floorMs !== null
      ? [
          {
            id,
            architecture: Buffer.from(parseEncoding(space, subject.encoding)).toString('hex'),
            floorMs,
            unstable: unstableReason !== null,
          },
        ]
      : [],
  );
  await tx.query(
    `insert into architecture_latencies
       (team_id, visibility, device_profile_id, architecture, measurement_id, floor_ms, unstable)
     select $1, $2, $3, decode(x.architecture, 'hex'), x.id, x."floorMs", x.unstable
     from jsonb_to_recordset($4) as x(id uuid, architecture text, "floorMs" double precision, unstable boolean)
     on conflict (device_profile_id, architecture) do update
       set measurement_id = excluded.measurement_id, floor_ms = excluded.floor_ms, unstable = excluded.unstable`,
    [run.teamId, profile.visibility, run.deviceProfileId, JSON.stringify(rows)],
  );
  return null;
}

/** A model's measurement is the result itself. Null, or why there is none. */
export async function modelOutcome(tx: Transaction, run: ProfileRunRow): Promise<string | null> {
  const failed = await tx
    .getRepository(MeasurementEntity)
    .findOneBy({ profileRunId: run.id, status: 'FAILED' });
  return failed && `The model could not be measured: ${failed.error ?? 'no reason given'}`;
}

export const versionOf = (tx: Transaction, { spaceVersionId: id }: SpaceRun): Promise<SpaceVersionRow> =>
  tx.getRepository(SpaceVersionEntity).findOneByOrFail({ id });

/** What was measured, with its samples, in the order planned. */
export function measurementsOf(tx: Transaction, run: ProfileRunRow): Promise<MeasurementRow[]> {
  return tx
    .getRepository(MeasurementEntity)
    .createQueryBuilder('measurement')
    .addSelect('measurement.rounds')
    .where('measurement.profileRunId = :id', { id: run.id })
    .andWhere(`measurement.status = 'DONE'`)
    .orderBy('measurement.ordinal')
    .getMany();
}

export function resultOf(
  space: SearchSpace,
  { subject, purpose, rounds, referenceMs, unstableReason }: MeasurementRow,
): MeasuredSubject {
  return {
    subject: parseSubject(space, subject),
    purpose: purpose === 'ARCHITECTURE' ? 'HELD_OUT' : purpose,
    rounds: rounds ?? [],
    referenceMs: referenceMs ?? [],
    unstable: unstableReason !== null,
  };
}

/** The published table is the corrected one: fitted on networks of its own, judged on others. */
export function latencyTableOf(estimate: ProfileEstimate): StoredLatencyTable {
  const { table, uncorrected, isolatedMs, intervalMs, interceptMs, estimator } = estimate;
  return {
    layers: table.layers,
    isolated: isolatedMs,
    fixedMs: table.fixedMs,
    uncorrected,
    intervalMs,
    interceptMs: finite(interceptMs),
    estimator,
  };
}

export function qualityOf({ quality }: ProfileEstimate): StoredProfileQuality {
  const { additivity, uncorrectedAdditivity, repeatability, heldOut } = quality;
  const { mape: additivityMape, ...shares } = figuresOf(additivity);
  return {
    repeatabilitySpearman: finite(repeatability?.spearman),
    repeatabilityDifference: finite(repeatability?.medianDifference),
    heldOutCount: heldOut.length,
    additivityMape,
    ...shares,
    uncorrected: uncorrectedAdditivity && figuresOf(uncorrectedAdditivity),
    heldOut,
    referenceDrift: finite(quality.referenceDrift),
    unstableCount: quality.unstableCount,
  };
}

export const figuresOf = (additivity: Additivity | null) => ({
  mape: finite(additivity?.mape),
  within5: finite(additivity?.within5),
  within10: finite(additivity?.within10),
  kendallTau: finite(additivity?.kendallTau),
});

/** A rank correlation of too few values is NaN, which JSON has no word for. */
export const finite = (value: number | null | undefined): number | null =>
  value !== null && value !== undefined && Number.isFinite(value) ? value : null;
