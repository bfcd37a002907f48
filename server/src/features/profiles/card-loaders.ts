import { perRequest } from '../../graphql/per-request.js';
import type { TeamRow } from '../teams/entities.js';

/** UUID of the newest visible profile of a series, for those of it that are older. */
export const newerVersion = perRequest<string>(async (tx, ids) => {
  const rows = await tx.query<{ id: string; newest: string }[]>(
    `select p.id, (
       select n.id from device_profiles n join space_versions nv on nv.id = n.space_version_id
       where n.team_id = p.team_id and n.target_id = p.target_id and n.method = p.method
         and nv.space_id = v.space_id and n.version > p.version
       order by n.version desc limit 1) as newest
     from device_profiles p join space_versions v on v.id = p.space_version_id where p.id = any($1)`,
    [ids],
  );
  return new Map(rows.flatMap(({ id, newest }) => (newest ? [[id, newest] as const] : [])));
});

/** Which profiles the caller's team has pinned. */
export const pinOf = perRequest<true>(async (tx, ids) => {
  const rows = await tx.query<{ id: string }[]>(
    'select device_profile_id as id from device_profile_pins where device_profile_id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id }) => [id, true as const]));
});

/** Teams that a profile is shown to by name: seen by its owner alone. */
export const granteesOf = perRequest<Pick<TeamRow, 'id'>[]>(async (tx, ids) => {
  const rows = await tx.query<{ id: string; grantee: string }[]>(
    `select g.device_profile_id as id, g.grantee_id as grantee from device_profile_grants g
       join teams t on t.id = g.grantee_id
     where g.device_profile_id = any($1) and g.team_id = app_team() order by t.slug`,
    [ids],
  );
  const teams = new Map<string, { id: string }[]>();
  for (const { id, grantee } of rows) teams.set(id, [...(teams.get(id) ?? []), { id: grantee }]);
  return teams;
});
