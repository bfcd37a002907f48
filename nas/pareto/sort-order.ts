/**
 * Indices that put (x, y) in ascending order of x, then y, then index. A counting sort over as many equal intervals of x as
 * there are points, each finished by comparison: several times faster than sorting indices with a comparator (which it falls
 * back to for intervals that many points share and for infinite ranges). Lengths must agree; no NaN.
 */
export function lexicographicOrder(x: Float64Array, y: Float64Array): Uint32Array {
  const n = x.length;
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < n; i++) {
    const value = x[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = n / (high - low);
  if (n < 64 || !Number.isFinite(scale) || scale === 0) return order.sort(by(x, y));

  const ends = new Uint32Array(n + 1);
  const interval = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const at = ((x[i] as number) - low) * scale;
    interval[i] = at;
    ends[at | 0] = (ends[at | 0] as number) + 1;
  }
  for (let at = 1; at <= n; at++) ends[at] = (ends[at] as number) + (ends[at - 1] as number);
  for (let i = n - 1; i >= 0; i--) {
    const at = interval[i] as number;
    const place = (ends[at] as number) - 1;
    ends[at] = place;
    order[place] = i;
  }
  sortWithinIntervals(order, ends, x, y);
  return order;
}

/** `starts[k]` is where interval k begins in `order`. */
function sortWithinIntervals(
  order: Uint32Array,
  starts: Uint32Array,
  x: Float64Array,
  y: Float64Array,
): void {
  const n = order.length;
  for (let interval = 0; interval <= n; interval++) {
    const start = starts[interval] as number;
    const end = interval === n ? n : (starts[interval + 1] as number);
    if (end - start > 32) {
      order.subarray(start, end).sort(by(x, y));
      continue;
    }
    for (let at = start + 1; at < end; at++) {
      const index = order[at] as number;
      const xi = x[index] as number;
      const yi = y[index] as number;
      let hole = at;
      while (hole > start) {
        const left = order[hole - 1] as number;
        const xl = x[left] as number;
        if (xl < xi || (xl === xi && (y[left] as number) <= yi)) break;
        order[hole] = left;
        hole--;
      }
      order[hole] = index;
    }
  }
}

function by(x: Float64Array, y: Float64Array): (i: number, j: number) => number {
  return (i, j) => {
    const xi = x[i] as number;
    const xj = x[j] as number;
    if (xi !== xj) return xi < xj ? -1 : 1;
    const yi = y[i] as number;
    const yj = y[j] as number;
    if (yi !== yj) return yi < yj ? -1 : 1;
    return i - j;
  };
}
