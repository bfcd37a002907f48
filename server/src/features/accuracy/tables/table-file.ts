import { enumerateEncodings, positionsOf, spaceSize, type SearchSpace } from '@espalier/nas/space';

/**
 * A table as it is stored: a header and one record an architecture, sorted by its encoding. Little-endian.
 *
 *     header   8 bytes "ESPTBL1\n", uint16 positions, uint16 metrics, uint32 zero
 *     record   one byte a position; float64 accuracy; uint32 evaluations; float64 a metric, NaN where there is no value
 *
 * Records have one size, so that rows are pages, a column is a stride, and an architecture is found by bisection. Encodings
 * sort as the space's own order: in a table of every network a row's place is the architecture's index.
 */
export const HEADER_BYTES = 16;
const MAGIC = new TextEncoder().encode('ESPTBL1\n');

export interface TableShape {
  /** Positions of an encoding, at most 65,535. */
  readonly positions: number;
  readonly metrics: number;
}

/** Where the parts of a record begin. */
export const recordOf = ({ positions, metrics }: TableShape) => ({
  accuracy: positions,
  evaluations: positions + 8,
  metrics: positions + 12,
  bytes: positions + 12 + 8 * metrics,
});

export function headerOf({ positions, metrics }: TableShape): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  header.set(MAGIC);
  const view = new DataView(header.buffer);
  view.setUint16(8, positions, true);
  view.setUint16(10, metrics, true);
  return header;
}

/** A stored table in memory, read without unpacking it. */
export class TableFile {
  readonly shape: TableShape;
  readonly rowCount: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #record: ReturnType<typeof recordOf>;

  /** Throws when the bytes are no table. */
  constructor(bytes: Uint8Array) {
    if (!isTableFile(bytes)) throw new Error('These bytes are no table.');
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.shape = { positions: this.#view.getUint16(8, true), metrics: this.#view.getUint16(10, true) };
    this.#record = recordOf(this.shape);
    this.rowCount = (bytes.byteLength - HEADER_BYTES) / this.#record.bytes;
    if (!Number.isInteger(this.rowCount)) throw new Error('The table ends within a record.');
  }

  /** The file as it is stored. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get byteLength(): number {
    return this.#bytes.byteLength;
  }

  /** The bytes of a row's encoding, not a copy. */
  encodingAt(row: number): Uint8Array {
    const at = HEADER_BYTES + row * this.#record.bytes;
    return this.#bytes.subarray(at, at + this.shape.positions);
  }

  accuracyAt(row: number): number {
    return this.#view.getFloat64(HEADER_BYTES + row * this.#record.bytes + this.#record.accuracy, true);
  }

  evaluationsAt(row: number): number {
    return this.#view.getUint32(HEADER_BYTES + row * this.#record.bytes + this.#record.evaluations, true);
  }

  /** NaN where the table has no value. */
  metricAt(row: number, metric: number): number {
    const at = HEADER_BYTES + row * this.#record.bytes + this.#record.metrics + 8 * metric;
    return this.#view.getFloat64(at, true);
  }

  /** The first row that does not sort before the encoding: its own where the table has it. */
  lowerBound(encoding: ArrayLike<number>): number {
    let low = 0;
    let high = this.rowCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, encoding) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The row of an architecture; −1 when the table does not have it. */
  rowOf(encoding: ArrayLike<number>): number {
    const row = this.lowerBound(encoding);
    return row < this.rowCount && this.#compare(row, encoding) === 0 ? row : -1;
  }

  #compare(row: number, encoding: ArrayLike<number>): number {
    const at = HEADER_BYTES + row * this.#record.bytes;
    for (let i = 0; i < this.shape.positions; i++) {
      const difference = (this.#bytes[at + i] as number) - (encoding[i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

export const isTableFile = (bytes: Uint8Array): boolean =>
  bytes.byteLength >= HEADER_BYTES && MAGIC.every((byte, at) => bytes[at] === byte);

/** The table of every network of a space from its accuracies in the order of the architectures' indices. */
export function tableOfAll(space: SearchSpace, accuracies: ArrayLike<number>): Uint8Array {
  const shape = { positions: positionsOf(space).length, metrics: 0 };
  const record = recordOf(shape);
  const bytes = new Uint8Array(HEADER_BYTES + Number(spaceSize(space)) * record.bytes);
  const view = new DataView(bytes.buffer);
  bytes.set(headerOf(shape));
  let at = HEADER_BYTES;
  let index = 0;
  for (const encoding of enumerateEncodings(space)) {
    bytes.set(encoding, at);
    view.setFloat64(at + record.accuracy, accuracies[index++] as number, true);
    view.setUint32(at + record.evaluations, 1, true);
    at += record.bytes;
  }
  return bytes;
}
