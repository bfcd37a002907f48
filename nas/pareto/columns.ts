/** Refuses columns of different lengths and NaN, with a RangeError that names the point. */
export function checkColumns(...columns: readonly Float64Array[]): void {
  const n = columns[0]?.length ?? 0;
  for (const column of columns) {
    if (column.length !== n)
      throw new RangeError(
        `objectives of different lengths: ${columns.map(({ length }) => length).join(', ')}`,
      );
    // One sum tells in most cases; where infinities of both signs meet, the search below finds no NaN.
    if (!Number.isNaN(sumOf(column))) continue;
    const at = column.findIndex((value) => Number.isNaN(value));
    if (at >= 0) throw new RangeError(`point ${String(at)} has an objective NaN`);
  }
}

/** Two sums at once, so that one addition need not wait for the other. */
function sumOf(values: Float64Array): number {
  let even = 0;
  let odd = 0;
  const pairs = values.length & ~1;
  for (let i = 0; i < pairs; i += 2) {
    even += values[i] as number;
    odd += values[i + 1] as number;
  }
  return even + odd + (pairs < values.length ? (values[pairs] as number) : 0);
}

/** Rows of columns at given indices. */
export function gathered(values: Float64Array, indices: Uint32Array): Float64Array {
  const taken = new Float64Array(indices.length);
  for (let at = 0; at < indices.length; at++) taken[at] = values[indices[at] as number] as number;
  return taken;
}

/** Least value and how many equal intervals fit a unit; null for no range or an infinite one. */
export function intervalsOf(
  values: Float64Array,
  intervals: number,
): { readonly low: number; readonly scale: number } | null {
  let low = values[0] ?? NaN;
  let high = low;
  for (let i = 1; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  const scale = (intervals - 1) / (high - low);
  return Number.isFinite(scale) && scale > 0 ? { low, scale } : null;
}
