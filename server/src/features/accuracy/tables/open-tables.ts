import type { SearchSpace } from '@espalier/nas/space';
import { EspalierError } from '../../../platform/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { AccuracySourceRow } from '../entities.js';
import { decodeDense } from './dense-table.js';
import { isTableFile, TableFile, tableOfAll } from './table-file.js';

/** Tables kept in memory, bytes; the one asked for last is kept however large it is. */
const KEPT_BYTES = 256 << 20;

/** The table of a source of a space, read once and kept; CONFLICT when the source is no table. */
export type TableOf = (source: AccuracySourceRow, space: SearchSpace) => Promise<TableFile>;

export function openTables(platform: Platform): TableOf {
  // The order of a Map is that of insertion: what was used last is put in last.
  const tables = new Map<string, { table: Promise<TableFile>; bytes: number }>();
  const makeRoom = (): void => {
    let total = 0;
    for (const [hash, { bytes }] of [...tables].reverse()) {
      total += bytes;
      if (total > KEPT_BYTES && total > bytes) tables.delete(hash);
    }
  };
  return async (source, space) => {
    if (!source.blobHash)
      throw new EspalierError('CONFLICT', `The accuracy source ${source.name} is not a table.`);
    const hash = source.blobHash.toString('hex');
    let kept = tables.get(hash);
    if (kept) tables.delete(hash);
    else {
      const opened = { table: open(platform, space, hash), bytes: 0 };
      kept = opened;
      opened.table.then(
        ({ byteLength }) => {
          opened.bytes = byteLength;
          makeRoom();
        },
        () => tables.delete(hash),
      );
    }
    tables.set(hash, kept);
    return kept.table;
  };
}

async function open(platform: Platform, space: SearchSpace, hash: string): Promise<TableFile> {
  const bytes = await platform.blobs.get(hash);
  if (isTableFile(bytes)) return new TableFile(shared(bytes));
  // As tables were stored at first: the accuracies alone, in the order of the architectures.
  return new TableFile(shared(tableOfAll(space, decodeDense(bytes))));
}

/** Copied into memory that search threads can read too. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}
