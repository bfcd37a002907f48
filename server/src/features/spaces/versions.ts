import { createHash } from 'node:crypto';
import { canonicalDocument, type ParsedSpace } from '@espalier/nas/format';
import { keepAll, keptSize, spaceSize } from '@espalier/nas/space';
import type { Visibility } from '../../graphql/generated/resolvers.js';
import { checkedText } from '../../graphql/input-checks.js';
import type { TeamId, Transaction } from '../../platform/database/tenancy.js';
import { storeBlocks } from './space-blocks.js';
import { manualPruning, waySaid, type PruningRecord } from '../pruning/pruning-record.js';
import { SpaceVersionEntity, type SpaceVersionRow } from './entities.js';

export interface NewVersion {
  readonly teamId: TeamId;
  readonly spaceId: string;
  readonly visibility: Visibility;
  readonly label: string;
  readonly parsed: ParsedSpace;
  readonly parentId: string | null;
  readonly pruning: PruningRecord | null;
}

/** Stores a version, or finds the one with the same choices reached in the same way. */
export async function storeVersion(
  tx: Transaction,
  version: NewVersion,
): Promise<{ row: SpaceVersionRow; made: boolean }> {
  const document = canonicalDocument(version.parsed);
  const contentHash = createHash('sha256').update(document).digest();
  const identityHash = createHash('sha256').update(contentHash).update(waySaid(version.pruning)).digest();
  const found = await tx
    .getRepository(SpaceVersionEntity)
    .findOneBy({ spaceId: version.spaceId, identityHash });
  if (found) return { row: found, made: false };
  const label = checkedText('input.label', version.label, 1, 100);
  const inserted = await tx.query<{ id: string }[]>(
    `insert into space_versions (team_id, space_id, visibility, label, content_hash, document, family, size, parent_id, pruning, identity_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (space_id, identity_hash) do nothing returning id`,
    [
      version.teamId,
      version.spaceId,
      version.visibility,
      label,
      contentHash,
      document,
      version.parsed.space.name,
      keptSize(version.parsed.space, version.parsed.kept).toString(),
      version.parentId,
      version.pruning && JSON.stringify(version.pruning),
      identityHash,
    ],
  );
  const row = await tx
    .getRepository(SpaceVersionEntity)
    .findOneByOrFail({ spaceId: version.spaceId, identityHash });
  const made = inserted.length > 0;
  if (made) await storeBlocks(tx, row, version.parsed);
  return { row, made };
}

/**
 * Stores what was uploaded: the whole space and, when the document prunes, the version derived from it by hand. Gives the
 * version that the document is.
 */
export async function storeUpload(
  tx: Transaction,
  { parsed, ...owner }: Pick<NewVersion, 'teamId' | 'spaceId' | 'visibility' | 'parsed'>,
): Promise<{ row: SpaceVersionRow; made: boolean }> {
  const { space, kept } = parsed;
  const everything = keepAll(space);
  const whole = await storeVersion(tx, {
    ...owner,
    label: 'full',
    parsed: { space, kept: everything },
    parentId: null,
    pruning: null,
  });
  if (everything.every((choices, at) => choices.length === kept[at]?.length)) return whole;
  const explanation = `Uploaded with what it keeps: ${keptSize(space, kept)} of ${spaceSize(space)} architectures.`;
  return storeVersion(tx, {
    ...owner,
    label: 'uploaded',
    parsed,
    parentId: whole.row.id,
    pruning: manualPruning(explanation),
  });
}
