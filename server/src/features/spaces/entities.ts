import { EntitySchema } from 'typeorm';
import type { Visibility } from '../../graphql/generated/resolvers.js';
import type { PruningRecord } from '../pruning/pruning-record.js';

/** A named, versioned family of networks. */
export interface SearchSpaceRow {
  id: string;
  teamId: string;
  name: string;
  description: string;
  visibility: Visibility;
  createdAt: Date;
}

/** An immutable space, addressed by its content; pruned ones know their parent and how they came about. */
export interface SpaceVersionRow {
  id: string;
  teamId: string;
  spaceId: string;
  /** The space's: the versions of a space are seen by whom it is. */
  visibility: Visibility;
  label: string;
  /** SHA-256 of the canonical document. */
  contentHash: Buffer;
  /** The canonical document (`espalier.space/1`). */
  document: unknown;
  family: string;
  /** Number of architectures, decimal: it may exceed 64 bits. */
  size: string;
  parentId: string | null;
  pruning: PruningRecord | null;
  createdAt: Date;
  /** SHA-256 of the content hash and, for pruned versions, of how the choices were chosen. */
  identityHash: Buffer;
}

export const SearchSpaceEntity = new EntitySchema<SearchSpaceRow>({
  name: 'SearchSpace',
  tableName: 'search_spaces',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    name: { name: 'name', type: 'text' },
    description: { name: 'description', type: 'text' },
    visibility: { name: 'visibility', type: 'enum', enum: ['PRIVATE', 'PUBLIC'], enumName: 'visibility' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const SpaceVersionEntity = new EntitySchema<SpaceVersionRow>({
  name: 'SpaceVersion',
  tableName: 'space_versions',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    spaceId: { name: 'space_id', type: 'uuid' },
    visibility: { name: 'visibility', type: 'enum', enum: ['PRIVATE', 'PUBLIC'], enumName: 'visibility' },
    label: { name: 'label', type: 'text' },
    contentHash: { name: 'content_hash', type: 'bytea' },
    document: { name: 'document', type: 'jsonb' },
    family: { name: 'family', type: 'text' },
    size: { name: 'size', type: 'numeric' },
    parentId: { name: 'parent_id', type: 'uuid', nullable: true },
    pruning: { name: 'pruning', type: 'jsonb', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    identityHash: { name: 'identity_hash', type: 'bytea' },
  },
});

export const spacesEntities = [SearchSpaceEntity, SpaceVersionEntity];
