import { createHash } from 'node:crypto';
import type { RequestContext } from '../../graphql/context.js';
import type { TransferProfileInput } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedSeed } from '../../graphql/input-checks.js';
import { toGlobalId, uuidOf } from '../../graphql/node-ids.js';
import { authorise } from '../../platform/authorise.js';
import type { Transaction } from '../../platform/database/tenancy.js';
import { badInput, EspalierError, notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import type { ProfileRunRow, StoredLatencyTable } from './entities.js';
import { startCampaign } from './start-profile.js';

/** Profiles that a transfer learns from at most. */
const MOST_SOURCES = 50;

interface Source {
  readonly id: string;
  readonly name: string;
  readonly table: Pick<StoredLatencyTable, 'layers' | 'fixedMs'>;
}

/**
 * Profiles a device from a few measurements and the profiles of others. Their tables become part of what the campaign was
 * asked, so that it ends the same whatever becomes of them; the campaign names them by id.
 */
export async function transferProfile(
  platform: Platform,
  ctx: RequestContext,
  { idempotencyKey, sources = [], samples = 10, heldOut = 20, seed = 0, ...ids }: TransferProfileInput,
): Promise<ProfileRunRow> {
  authorise(ctx, 'PROFILES_WRITE');
  const input = {
    ...ids,
    sources,
    samples: checkedInteger('input.samples', samples, 3, 1_000),
    heldOut: checkedInteger('input.heldOut', heldOut, 0, 500),
    seed: checkedSeed('input.seed', seed),
  };
  checkedCount('input.sources', sources, 0, MOST_SOURCES);
  const wanted = sources.map((id, at) => uuidOf('DeviceProfile', id, `input.sources.${at}`));
  if (new Set(wanted).size !== wanted.length) throw badInput('input.sources', 'Each profile is named once.');
  return startCampaign(platform, ctx, {
    operation: 'transferProfile',
    idempotencyKey,
    input,
    spaceVersionId: ids.spaceVersionId,
    poolId: ids.poolId,
    method: 'TRANSFER',
    targetId: ids.targetId == null ? null : uuidOf('HardwareTarget', ids.targetId, 'input.targetId'),
    seed: input.seed,
    optionsOf: async (tx, version, { fingerprint }) => {
      const found = await sourcesOf(tx, version, wanted, fingerprint);
      return {
        fitNetworks: input.samples,
        heldOutNetworks: input.heldOut,
        known: found.map(({ name, table: { layers, fixedMs } }) => ({ name, layers, fixedMs })),
      };
    },
  });
}

/** Profiles of the same blocks that the caller sees, or those named; without a target, that of the device itself. */
async function sourcesOf(
  tx: Transaction,
  version: SpaceVersionRow,
  wanted: readonly string[],
  fingerprint: string,
): Promise<Source[]> {
  // The newest of each series, measured on other targets than the one that is to be learnt.
  const chosen = await tx.query<{ id: string; name: string; version: number; table: StoredLatencyTable }[]>(
    `select p.id, t.name, p.version, p.latency_table as "table" from device_profiles p
       join space_versions v on v.id = p.space_version_id join hardware_targets t on t.id = p.target_id
     where v.content_hash = $1
       and case when cardinality($2::uuid[]) > 0 then p.id = any($2)
         else p.method <> 'TRANSFER' and t.fingerprint <> $3
           and not exists (select from device_profiles newer where newer.team_id = p.team_id and newer.target_id = p.target_id
             and newer.space_version_id = p.space_version_id and newer.method = p.method and newer.version > p.version) end
     order by p.created_at desc, p.id desc limit ${MOST_SOURCES}`,
    [version.contentHash, wanted, fingerprint],
  );
  if (wanted.length > 0 && chosen.length < wanted.length) {
    const visible = await tx.query<unknown[]>('select from device_profiles where id = any($1)', [wanted]);
    if (visible.length < wanted.length) throw notFound('DeviceProfile');
    throw badInput(
      'input.sources',
      'Each source is a profile of the same blocks; one of them is of another space.',
    );
  }
  if (chosen.length === 0)
    throw new EspalierError(
      'CONFLICT',
      'There is no profile of this space on another target to learn from: profile one device with another method, or import a table.',
      { field: 'input.sources' },
    );
  return chosen.map(({ id, name, table }) => ({
    id,
    name: `${name} (${toGlobalId('DeviceProfile', id)})`,
    table,
  }));
}

/** Options as they are shown: tables of other profiles are told by their name and a hash, since they are large and another's. */
export function shownOptions(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { known, ...rest } = options;
  if (!Array.isArray(known)) return { ...options };
  return {
    ...rest,
    known: known.map((source: { readonly name?: unknown }) => ({
      name: source.name,
      sha256: createHash('sha256').update(JSON.stringify(source)).digest('hex'),
    })),
  };
}
