import { EspalierError } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { AccuracySourceRow } from './entities.js';

/** Gives the accuracy of an architecture by its mixed-radix index, in the task's unit. */
export type AccuracyLookup = (architectureIndex: number) => number;

/** Tables kept in memory by what they hold; a worker reads each once. */
const LARGEST_CACHE = 20;

export function accuracyLookups(platform: Platform): (source: AccuracySourceRow) => Promise<AccuracyLookup> {
  const tables = new Map<string, Promise<Uint16Array>>();
  const tableOf = (hash: string): Promise<Uint16Array> => {
    let table = tables.get(hash);
    if (!table) {
      table = platform.blobs.get(hash).then(decodeTable);
      tables.set(hash, table);
      table.catch(() => tables.delete(hash));
      const oldest = tables.keys().next().value;
      if (tables.size > LARGEST_CACHE && oldest !== undefined) tables.delete(oldest);
    }
    return table;
  };
  return async (source) => {
    if (!source.blobHash)
      throw new EspalierError('CONFLICT', `The accuracy source ${source.name} is not a table.`);
    const table = await tableOf(source.blobHash.toString('hex'));
    return (index) => {
      const hundredths = table[index];
      if (hundredths === undefined) throw new RangeError(`${source.name} has no architecture ${index}.`);
      return hundredths / 100;
    };
  };
}

/** Unsigned 16-bit little-endian, hundredths of a percent. */
export function decodeTable(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.byteLength >> 1 }, (_, i) => view.getUint16(i * 2, true));
}
