import { SearchError } from './error.js';

/**
 * Bytes of a saved sampler: a name, then numbers in fixed order, little-endian. The name ties a checkpoint to its sampler and
 * to its settings, so that one taken with other settings is refused rather than misread.
 */
export function writeCheckpoint(name: string, numbers: readonly number[]): Uint8Array {
  const label = new TextEncoder().encode(name);
  const bytes = new Uint8Array(8 + label.length + 8 * numbers.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, label.length, true);
  view.setUint32(4, numbers.length, true);
  bytes.set(label, 8);
  numbers.forEach((number, at) => {
    view.setFloat64(8 + label.length + 8 * at, number, true);
  });
  return bytes;
}

/** The numbers of a checkpoint; SearchError SEARCH_INVALID_CHECKPOINT when it is damaged or of another name. */
export function readCheckpoint(name: string, bytes: Uint8Array): number[] {
  if (bytes.length < 8) throw damaged(`${String(bytes.length)} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const labelLength = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  if (bytes.length !== 8 + labelLength + 8 * count)
    throw damaged(`expected ${String(8 + labelLength + 8 * count)} bytes, got ${String(bytes.length)}`);
  const label = new TextDecoder().decode(bytes.subarray(8, 8 + labelLength));
  if (label !== name) throw damaged(`expected one of "${name}", got one of "${label.slice(0, 200)}"`);
  return Array.from({ length: count }, (_, at) => view.getFloat64(8 + labelLength + 8 * at, true));
}

/** Two checkpoints as one, for a sampler that holds another. */
export function joinCheckpoints(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + first.length + second.length);
  new DataView(bytes.buffer).setUint32(0, first.length, true);
  bytes.set(first, 4);
  bytes.set(second, 4 + first.length);
  return bytes;
}

/** The inverse of `joinCheckpoints`. */
export function splitCheckpoints(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (bytes.length < 4) throw damaged(`${String(bytes.length)} bytes are too few`);
  const middle = 4 + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (middle > bytes.length)
    throw damaged(`expected at least ${String(middle)} bytes, got ${String(bytes.length)}`);
  return [bytes.subarray(4, middle), bytes.subarray(middle)];
}

function damaged(message: string): SearchError {
  return new SearchError('SEARCH_INVALID_CHECKPOINT', `checkpoint: ${message}`);
}
