import type { RequestContext } from '../../graphql/context.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { badInput, notFound } from '../../platform/errors.js';
import { AccuracySourceEntity, type AccuracySourceRow } from '../accuracy/entities.js';
import type { DeviceProfileRow } from '../profiles/entities.js';
import { defaultProfile } from '../profiles/index.js';
import type { SpaceVersionRow } from '../spaces/entities.js';

/** The version that pruning starts from. NOT_FOUND, or BAD_INPUT for one that is pruned already. */
export async function unprunedVersion(
  ctx: RequestContext,
  id: string,
  prefix: string,
): Promise<SpaceVersionRow> {
  const field = `${prefix}spaceVersionId`;
  const version = await ctx.load('SpaceVersion', uuidOf('SpaceVersion', id, field));
  if (!version) throw notFound('SpaceVersion');
  if (version.parentId) throw badInput(field, 'Pruning starts from an unpruned version.');
  return version;
}

/** Where a decision takes latencies and accuracies from, as global ids. */
export interface NamedSources {
  readonly deviceProfileId?: string | null | undefined;
  readonly accuracySourceId?: string | null | undefined;
}

/** The profile named, else the one that the team uses for the space; null when it has none. `prefix` is what the path of a field in the request begins with. */
export async function profileOf(
  ctx: RequestContext,
  version: SpaceVersionRow,
  { deviceProfileId }: NamedSources,
  prefix: string,
): Promise<DeviceProfileRow | null> {
  if (deviceProfileId == null) return ctx.read((tx) => defaultProfile(tx, { spaceVersionId: version.id }));
  const field = `${prefix}deviceProfileId`;
  const profile = await ctx.load('DeviceProfile', uuidOf('DeviceProfile', deviceProfileId, field));
  if (!profile) throw notFound('DeviceProfile');
  if (profile.spaceVersionId !== version.id) throw badInput(field, 'The profile is of another space.');
  return profile;
}

/** The accuracy source named; null when none is. BAD_INPUT for one of another space, or that a request cannot wait for. */
export async function sourceOf(
  ctx: RequestContext,
  version: SpaceVersionRow,
  { accuracySourceId }: NamedSources,
  prefix: string,
): Promise<AccuracySourceRow | null> {
  if (accuracySourceId == null) return null;
  const field = `${prefix}accuracySourceId`;
  const source = await ctx.load('AccuracySource', uuidOf('AccuracySource', accuracySourceId, field));
  if (!source) throw notFound('AccuracySource');
  if (source.spaceVersionId !== version.id) throw badInput(field, 'The accuracy source is of another space.');
  // A request waits for the answer: what workers or trainers evaluate takes minutes to days.
  if (source.kind === 'SUPERNET' || source.kind === 'EXTERNAL')
    throw badInput(field, `Pruning asks a TABLE or a PREDICTOR; ${source.name} is ${source.kind}.`);
  return source;
}

/** A table that knows every network of the space: the team's newest, else another that it may see; null without one. */
export function fullTableOf(
  ctx: RequestContext,
  version: SpaceVersionRow,
): Promise<AccuracySourceRow | null> {
  return ctx.read(async (tx) => {
    const [found] = await tx.query<{ id: string }[]>(
      `select id from accuracy_sources
       where space_version_id = $1 and kind = 'TABLE' and complete and blob_hash is not null
       order by (team_id = app_team()) desc nulls last, created_at desc, id desc limit 1`,
      [version.id],
    );
    return found ? tx.getRepository(AccuracySourceEntity).findOneBy({ id: found.id }) : null;
  });
}
