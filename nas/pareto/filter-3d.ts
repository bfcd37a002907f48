import { checkColumns, gathered, intervalsOf } from './columns.js';
import { flagged } from './filter-2d.js';
import { scratchFlags, scratchUint32 } from './scratch.js';
import { ascendingOrder, lexicographicOrder } from './sort-order.js';
import { placesOf, Staircase } from './staircase.js';

const CELLS = 64;

/**
 * Three objectives in columns: indices, ascending, of the points that none dominates, in O(n log n) (Kung, Luccio and Preparata
 * 1975): in ascending (z, y, x) a point is dominated if the staircase of those before it reaches under it. Of many points,
 * those go first for which a cell of lower x and y holds a z that is no larger. RangeError for NaN or lengths that differ.
 */
export function nonDominated3d(x: Float64Array, y: Float64Array, z: Float64Array): Uint32Array {
  checkColumns(x, y, z);
  const candidates = x.length > CELLS * CELLS * 4 ? leftByCells(x, y, z) : null;
  if (candidates === null || candidates.length === x.length) return sweep(x, y, z);
  const kept = sweep(gathered(x, candidates), gathered(y, candidates), gathered(z, candidates));
  for (let at = 0; at < kept.length; at++) kept[at] = candidates[kept[at] as number] as number;
  return kept;
}

function sweep(x: Float64Array, y: Float64Array, z: Float64Array): Uint32Array {
  const n = x.length;
  const order = lexicographicOrder([z, y, x], scratchUint32('filter order', n));
  const { place, count: places } = placesOf(x, ascendingOrder(x, scratchUint32('order of x', n)));
  const stairs = new Staircase(places);
  const stays = scratchFlags('stays', n);
  let count = 0;
  let previous = -1;
  for (let at = 0; at < n; at++) {
    const i = order[at] as number;
    if (previous >= 0 && same(i, previous, x, y, z)) {
      if (stays[previous] === 1) {
        stays[i] = 1;
        count++;
      }
      continue;
    }
    previous = i;
    const here = place[i] as number;
    const yi = y[i] as number;
    const left = stairs.atOrBefore(here);
    if (left >= 0 && (stairs.y[left] as number) <= yi) continue;
    for (let right = stairs.after(here - 1); right >= 0; right = stairs.after(right)) {
      if ((stairs.y[right] as number) < yi) break;
      stairs.remove(right);
    }
    stairs.add(here, yi);
    stays[i] = 1;
    count++;
  }
  return flagged(stays, count);
}

function same(i: number, j: number, x: Float64Array, y: Float64Array, z: Float64Array): boolean {
  return x[i] === x[j] && y[i] === y[j] && z[i] === z[j];
}

/** Points for which no cell of lower x and lower y holds a z that is no larger; null when cells cannot be made. */
function leftByCells(x: Float64Array, y: Float64Array, z: Float64Array): Uint32Array | null {
  const n = x.length;
  const columns = intervalsOf(x, CELLS);
  const rows = intervalsOf(y, CELLS);
  if (columns === null || rows === null) return null;
  const { low: lowX, scale: scaleX } = columns;
  const { low: lowY, scale: scaleY } = rows;
  const width = CELLS + 1;
  /** `[column + 1, row + 1]`: the least z of the cell, then of all cells up to it. */
  const floor = new Float64Array(width * width).fill(Infinity);
  for (let i = 0; i < n; i++) {
    const column = (((x[i] as number) - lowX) * scaleX) | 0;
    const row = (((y[i] as number) - lowY) * scaleY) | 0;
    const at = (column + 1) * width + row + 1;
    const zi = z[i] as number;
    if (zi < (floor[at] as number)) floor[at] = zi;
  }
  for (let column = 1; column < width; column++)
    for (let row = 1; row < width; row++) {
      const at = column * width + row;
      floor[at] = Math.min(floor[at] as number, floor[at - 1] as number, floor[at - width] as number);
    }
  const left = scratchUint32('left by cells', n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const column = (((x[i] as number) - lowX) * scaleX) | 0;
    const row = (((y[i] as number) - lowY) * scaleY) | 0;
    const least = floor[column * width + row] as number;
    if ((z[i] as number) < least || least === Infinity) left[count++] = i;
  }
  return left.subarray(0, count);
}
