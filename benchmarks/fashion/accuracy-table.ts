import { encodingIndex, family, spaceSize, type Encoding } from '@espalier/nas/space';
import { FashionDataError, folderOf, readFashionFile, type FashionSpaceName } from './folder.js';

/** The accuracy of every network of a space on the 2,500 validation images, in the order of `encodingIndex`. */
export interface AccuracyTable {
  readonly space: FashionSpaceName;
  /** Per cent × 100: 9252 is 92.52 %. One a network. */
  readonly hundredths: Uint16Array;
}

/** Reads the table. Throws FashionDataError when it does not have one entry a network. */
export function readAccuracyTable(space: FashionSpaceName): AccuracyTable {
  const bytes = readFashionFile(folderOf(space), 'accuracy.u16.gz');
  const networks = Number(spaceSize(family(space)));
  if (bytes.length !== 2 * networks)
    throw new FashionDataError(
      `${folderOf(space)}/accuracy.u16.gz`,
      `${String(bytes.length)} bytes, expected two for each of ${String(networks)} networks`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { space, hundredths: Uint16Array.from({ length: networks }, (_, i) => view.getUint16(2 * i, true)) };
}

/** Top-1 accuracy of a network in per cent, to two decimals. */
export function accuracyOf(table: AccuracyTable, encoding: Encoding): number {
  const hundredths = table.hundredths[encodingIndex(family(table.space), encoding)];
  if (hundredths === undefined) throw new RangeError(`no network ${encoding.join('.')} in ${table.space}`);
  return hundredths / 100;
}
