import { ProfileError, type PlannedSubject, type ProfilePlan as PlanOfMethod } from '@espalier/nas/profile';
import { encodingKey, type SearchSpace } from '@espalier/nas/space';
import type { RequestContext } from '../../graphql/context.js';
import type { MeasureArchitecturesInput, StartProfileInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedJsonObject, checkedSeed } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import type { Platform } from '../../platform/platform.js';
import { targetOfPool, type PoolTarget } from '../devices/index.js';
import { SpaceVersionEntity, type SpaceVersionRow } from '../spaces/entities.js';
import { buildableSpace, checkedEncoding } from '../spaces/index.js';
import {
  DeviceProfileEntity,
  ProfileRunEntity,
  type ProfileRunRow,
  type MeasurementPurpose,
  type MeasurementSubject,
} from './entities.js';
import { awaitConclusion } from './finish.js';
import { startable } from './methods.js';
import { parsedSpace } from '../spaces/parsed-space.js';

/**
 * Plans a campaign for an unpruned version on the devices of a pool, the team's own or a granted one: for the target
 * asked for, or the first of the device heard from last. CONFLICT when the pool has no device, or none of that target.
 */
export async function startProfile(
  platform: Platform,
  ctx: RequestContext,
  { idempotencyKey, method = 'ISOLATED', seed: given = 0, options: asked, ...ids }: StartProfileInput,
): Promise<ProfileRunRow> {
  authorise(ctx, 'PROFILES_WRITE');
  const seed = checkedSeed('input.seed', given);
  const options = askedOptions('input.options', asked);
  return startCampaign(platform, ctx, {
    operation: 'startProfile',
    idempotencyKey,
    input: { ...ids, method, seed, options },
    spaceVersionId: ids.spaceVersionId,
    poolId: ids.poolId,
    method,
    targetId: ids.targetId == null ? null : uuidOf('HardwareTarget', ids.targetId, 'input.targetId'),
    seed,
    optionsOf: async () => options,
  });
}

/** What a caller asks a method; BAD_INPUT for what the campaign itself decides. */
export function askedOptions(field: string, asked: unknown): Record<string, unknown> {
  const chosen = asked == null ? {} : checkedJsonObject(field, asked, 64_000);
  for (const name of ['seed', 'batch'])
    if (name in chosen)
      throw badInput(`${field}.${name}`, 'The campaign’s seed and the target’s batch are used.');
  return chosen;
}

export interface NewCampaign {
  /** Name of the mutation, with its key and input, so that it is done once. */
  readonly operation: string;
  readonly idempotencyKey: string;
  readonly input: unknown;
  readonly spaceVersionId: string;
  readonly poolId: string;
  readonly method: ProfileRunRow['method'];
  /** UUID of the target asked for; null for the first of the device heard from last. */
  readonly targetId: string | null;
  readonly seed: number;
  /** What the method is asked besides seed and batch. */
  readonly optionsOf: (
    tx: Transaction,
    version: SpaceVersionRow,
    target: PoolTarget,
  ) => Promise<Readonly<Record<string, unknown>>>;
}

/** Plans and stores a campaign that is to end in a profile. */
export async function startCampaign(
  { blobs }: Pick<Platform, 'blobs'>,
  ctx: RequestContext,
  { operation, idempotencyKey: key, input, method, seed, targetId, optionsOf, ...ids }: NewCampaign,
): Promise<ProfileRunRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const versionId = uuidOf('SpaceVersion', ids.spaceVersionId, 'input.spaceVersionId');
  const poolId = uuidOf('Pool', ids.poolId, 'input.poolId');
  return ctx.read(async (tx) => {
    const { result: id } = await idempotent(tx, { teamId, operation, key, input }, async () => {
      const version = await unprunedVersion(tx, versionId);
      const target = await targetOfPool(tx, teamId, poolId, targetId);
      const { space } = await buildableSpace(blobs, version);
      const options = { ...(await optionsOf(tx, version, target)), seed, batch: target.batch };
      const { subjects } = planned(space, method, options);
      const id = await storeRun(
        tx,
        {
          teamId,
          kind: 'PROFILE',
          method,
          spaceVersionId: version.id,
          modelId: null,
          poolId,
          target,
          deviceProfileId: null,
          seed,
          options,
        },
        subjects.map(measurable),
      );
      const detail = { versionId, poolId };
      await audit(tx, { teamId, actor: actorOf(ctx.principal), action: operation, subject: id, detail });
      return id;
    });
    return tx.getRepository(ProfileRunEntity).findOneByOrFail({ id });
  });
}

/** A version that profiles are made of: BAD_INPUT for a pruned one, NOT_FOUND for one that is not there. */
export async function unprunedVersion(tx: Transaction, id: string): Promise<SpaceVersionRow> {
  const version = await versionById(tx, id);
  if (version.parentId !== null || version.pruning !== null)
    throw badInput(
      'input.spaceVersionId',
      'A profile is made of the unpruned version; its pruned ones share it.',
    );
  return version;
}

/**
 * Measures whole networks on a profile's target; the results belong to the profile, so only its own team adds to it.
 * An architecture given twice is measured once. CONFLICT when the pool has no device of that target.
 */
export async function measureArchitectures(
  ctx: RequestContext,
  { idempotencyKey: key, seed: given = 0, ...rest }: MeasureArchitecturesInput,
): Promise<ProfileRunRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const seed = checkedSeed('input.seed', given);
  const input = { ...rest, seed };
  checkedCount('input.encodings', input.encodings, 1, 500);
  const profileId = uuidOf('DeviceProfile', input.deviceProfileId, 'input.deviceProfileId');
  const poolId = uuidOf('Pool', input.poolId, 'input.poolId');
  return ctx.read(async (tx) => {
    const { result: id } = await idempotent(
      tx,
      { teamId, operation: 'measureArchitectures', key, input },
      async () => {
        const profile = await tx.getRepository(DeviceProfileEntity).findOneBy({ id: profileId });
        if (!profile) throw notFound('DeviceProfile');
        if (profile.teamId !== teamId)
          throw new EspalierError('FORBIDDEN', 'Only the team that owns a profile adds measurements to it.');
        const { space } = parsedSpace(await versionById(tx, profile.spaceVersionId));
        const distinct = new Map(
          input.encodings.map((value, i) => {
            const encoding = checkedEncoding(space, value, `input.encodings.${i}`);
            return [encodingKey(encoding), encoding];
          }),
        );
        const target = await targetOfPool(tx, teamId, poolId, profile.targetId);
        const { spaceVersionId, method } = profile;
        const id = await storeRun(
          tx,
          {
            teamId,
            kind: 'ARCHITECTURES',
            method,
            spaceVersionId,
            modelId: null,
            poolId,
            target,
            deviceProfileId: profile.id,
            seed,
            options: {},
          },
          [...distinct.values()].map((encoding) => ({
            subject: { kind: 'NETWORK', encoding },
            purpose: 'ARCHITECTURE',
          })),
        );
        const detail = { profileId, poolId, count: distinct.size };
        await audit(tx, {
          teamId,
          actor: actorOf(ctx.principal),
          action: 'measureArchitectures',
          subject: id,
          detail,
        });
        return id;
      },
    );
    return tx.getRepository(ProfileRunEntity).findOneByOrFail({ id });
  });
}

async function versionById(tx: Transaction, id: string): Promise<SpaceVersionRow> {
  const version = await tx.getRepository(SpaceVersionEntity).findOneBy({ id });
  if (!version) throw notFound('SpaceVersion');
  return version;
}

type NewRun = Pick<
  ProfileRunRow,
  | 'teamId'
  | 'kind'
  | 'method'
  | 'spaceVersionId'
  | 'modelId'
  | 'poolId'
  | 'deviceProfileId'
  | 'seed'
  | 'options'
> & { readonly target: PoolTarget };

export interface Planned {
  readonly subject: MeasurementSubject;
  readonly purpose: MeasurementPurpose;
}

/** Stores a campaign with its measurements and returns its id. */
export async function storeRun(tx: Transaction, run: NewRun, subjects: readonly Planned[]): Promise<string> {
  const [made] = await tx.query<{ id: string }[]>(
    `insert into profile_runs
       (team_id, kind, method, space_version_id, pool_id, target_id, device_profile_id, seed, measurement_count, open_count,
        model_id, target_fingerprint, options)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12) returning id`,
    [
      run.teamId,
      run.kind,
      run.method,
      run.spaceVersionId,
      run.poolId,
      run.target.id,
      run.deviceProfileId,
      run.seed,
      subjects.length,
      run.modelId,
      run.target.fingerprint,
      JSON.stringify(run.options),
    ],
  );
  if (!made) throw new Error('The campaign was not stored.');
  await addMeasurements(tx, { id: made.id, teamId: run.teamId, poolId: run.poolId }, 0, subjects);
  // A method that needs nothing measured at first: the sweep finds the campaign.
  if (subjects.length === 0) await awaitConclusion(tx, made.id);
  return made.id;
}

/** Further measurements of a campaign, numbered from `first`. */
export async function addMeasurements(
  tx: Transaction,
  run: Pick<ProfileRunRow, 'id' | 'teamId' | 'poolId'>,
  first: number,
  subjects: readonly Planned[],
): Promise<void> {
  await tx.query(
    `insert into measurements (team_id, profile_run_id, pool_id, ordinal, subject, purpose)
     select $1, $2, $5, $4 + planned.at - 1, planned.entry -> 'subject', planned.entry ->> 'purpose'
     from jsonb_array_elements($3::jsonb) with ordinality as planned(entry, at)`,
    [run.teamId, run.id, JSON.stringify(subjects), first, run.poolId],
  );
}

/** A planned subject as it is stored. */
export function measurable({ subject, purpose }: PlannedSubject): Planned {
  if (subject.kind === 'REFERENCE') throw new Error('A plan measures no reference by itself.');
  return { subject, purpose };
}

/**
 * What to measure first and how long it takes, or BAD_INPUT for a method that cannot be started, options that it does not
 * take, or a space that it cannot profile.
 */
export function planned(
  space: SearchSpace,
  method: ProfileRunRow['method'],
  options: Readonly<Record<string, unknown>>,
): PlanOfMethod {
  try {
    return startable(method).plan(space, options);
  } catch (error) {
    if (!(error instanceof ProfileError)) throw error;
    const field = error.code === 'PROFILE_BAD_OPTION' ? 'input.options' : 'input.spaceVersionId';
    throw badInput(field, error.message);
  }
}
