import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import { LeaderboardEntity, type LeaderboardEntryView } from './entities.js';
import { leaderboardsResolvers } from './resolvers.js';
import { standingOf } from './standing.js';

/** The union frontier of published runs for each task, target and space. */
export function leaderboardsFeature(): Feature {
  return {
    resolvers: leaderboardsResolvers,
    entities: [LeaderboardEntity],
    nodes: {
      Leaderboard: (tx, ids) => rowsById(tx, LeaderboardEntity, ids),
      LeaderboardEntry: async (tx, ids) => {
        const boards = await tx.query<{ id: string }[]>(
          'select distinct leaderboard_id as id from leaderboard_entries where id = any($1)',
          [ids],
        );
        const entries = new Map<string, LeaderboardEntryView>();
        for (const { id } of boards)
          for (const entry of (await standingOf(tx, id)).frontier) entries.set(entry.id, entry);
        return ids.map((id) => entries.get(id) ?? null);
      },
    },
  };
}
