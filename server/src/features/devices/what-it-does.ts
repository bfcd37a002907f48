import type { RequestContext } from '../../graphql/context.js';
import type { TeamRow } from '../teams/entities.js';
import type { DeviceRow } from './entities.js';

/** The agent's own words: for the device's owner, since they may tell of another team's work. */
export const activityFor = (ctx: RequestContext, device: DeviceRow): string | null =>
  teamOf(ctx) === device.teamId ? device.activity : null;

/** Whose subjects a device measures: for its owner and for that team itself. */
export async function servingTeamFor(
  ctx: RequestContext,
  { teamId, servingTeamId }: DeviceRow,
): Promise<TeamRow | null> {
  const asking = teamOf(ctx);
  if (servingTeamId === null || (asking !== teamId && asking !== servingTeamId)) return null;
  return ctx.load('Team', servingTeamId);
}

/** The team that the caller acts for; null for a visitor. */
export const teamOf = ({ principal }: RequestContext): string | null =>
  principal.kind === 'VISITOR' ? null : principal.teamId;
