/**
 * Working memory that one call leaves to the next, by name: fresh pages cost as much as the work itself for a hundred thousand
 * points. What it holds is arbitrary. A function may use a name only where no other of its callers or callees does; nothing of
 * it may be returned. More than `MOST_KEPT` elements are not kept.
 */
const MOST_KEPT = 1 << 21;
const bytes = new Map<string, Uint8Array>();
const unsigned = new Map<string, Uint32Array>();
const floating = new Map<string, Float64Array>();

/** All zero. */
export function scratchFlags(name: string, length: number): Uint8Array {
  let buffer = bytes.get(name);
  if (buffer === undefined || buffer.length < length) {
    buffer = new Uint8Array(roomFor(length));
    if (length <= MOST_KEPT) bytes.set(name, buffer);
  } else buffer.fill(0, 0, length);
  return buffer.length === length ? buffer : buffer.subarray(0, length);
}

export function scratchUint32(name: string, length: number): Uint32Array {
  let buffer = unsigned.get(name);
  if (buffer === undefined || buffer.length < length) {
    buffer = new Uint32Array(roomFor(length));
    if (length <= MOST_KEPT) unsigned.set(name, buffer);
  }
  return buffer.length === length ? buffer : buffer.subarray(0, length);
}

export function scratchFloat64(name: string, length: number): Float64Array {
  let buffer = floating.get(name);
  if (buffer === undefined || buffer.length < length) {
    buffer = new Float64Array(roomFor(length));
    if (length <= MOST_KEPT) floating.set(name, buffer);
  }
  return buffer.length === length ? buffer : buffer.subarray(0, length);
}

function roomFor(length: number): number {
  return length > MOST_KEPT ? length : Math.min(MOST_KEPT, Math.ceil(length * 1.25));
}
