import type { Feature, NodeReaders } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import { MembershipEntity, TeamEntity, TokenEntity, UserEntity } from './entities.js';
import { teamsResolvers } from './resolvers.js';

/** People, teams, memberships, sessions and tokens. `nodes` gives the readers of all features, for the viewer of a new session. */
export function teamsFeature(nodes: () => NodeReaders): Feature {
  return {
    resolvers: teamsResolvers(nodes),
    entities: [UserEntity, TeamEntity, MembershipEntity, TokenEntity],
    nodes: {
      User: (tx, ids) => rowsById(tx, UserEntity, ids),
      Team: (tx, ids) => rowsById(tx, TeamEntity, ids),
      Token: (tx, ids) => rowsById(tx, TokenEntity, ids),
    },
  };
}
