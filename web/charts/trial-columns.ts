/** Trials as columns: row i of each belongs together. */
export interface TrialColumns {
  latencyMs: Float32Array;
  accuracy: Float32Array;
  /** Mixed-radix index of the architecture in the unpruned space, last layer fastest. */
  architectureIndex: Uint32Array;
}

/** The columns as the API sends them: little-endian, base64. */
export interface EncodedTrialColumns {
  count: number;
  latencyMs: string;
  accuracy: string;
  architectureIndex: string;
}

const BYTES_PER_TRIAL = 12;

/** Bytes of the three columns one after another: latency, accuracy, index; 12 bytes a trial. */
export function packTrialColumns(encoded: EncodedTrialColumns): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(encoded.count * BYTES_PER_TRIAL);
  const columns = [encoded.latencyMs, encoded.accuracy, encoded.architectureIndex];
  columns.forEach((column, place) => {
    const bytes = bytesOfBase64(column);
    if (bytes.length !== encoded.count * 4)
      throw new RangeError(
        `A column of ${encoded.count} trials must have ${encoded.count * 4} bytes, not ${bytes.length}.`,
      );
    packed.set(bytes, place * encoded.count * 4);
  });
  return packed;
}

/** Columns over packed bytes; nothing is copied on a little-endian machine. */
export function unpackTrialColumns(packed: ArrayBuffer): TrialColumns {
  if (packed.byteLength % BYTES_PER_TRIAL !== 0)
    throw new RangeError(
      `${packed.byteLength} bytes are not a whole number of trials of ${BYTES_PER_TRIAL} bytes.`,
    );
  const count = packed.byteLength / BYTES_PER_TRIAL;
  const ordered = isLittleEndian() ? packed : swapWords(packed);
  return {
    latencyMs: new Float32Array(ordered, 0, count),
    accuracy: new Float32Array(ordered, count * 4, count),
    architectureIndex: new Uint32Array(ordered, count * 8, count),
  };
}

export function decodeTrialColumns(encoded: EncodedTrialColumns): TrialColumns {
  return unpackTrialColumns(packTrialColumns(encoded).buffer);
}

/** Choices of an architecture index; `radices` holds the number of choices of each layer. */
export function encodingOfIndex(index: number, radices: readonly number[]): number[] {
  const encoding = new Array<number>(radices.length).fill(0);
  let rest = index;
  for (let layer = radices.length - 1; layer >= 0; layer -= 1) {
    const radix = radices[layer] ?? 1;
    encoding[layer] = rest % radix;
    rest = Math.floor(rest / radix);
  }
  return encoding;
}

function bytesOfBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function isLittleEndian(): boolean {
  return new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
}

function swapWords(bytes: ArrayBuffer): ArrayBuffer {
  const copy = bytes.slice(0);
  const view = new DataView(copy);
  for (let at = 0; at < copy.byteLength; at += 4) view.setUint32(at, view.getUint32(at, true), false);
  return copy;
}
