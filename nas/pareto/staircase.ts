/**
 * A staircase of mutually non-dominated (x, y) for sweeps whose x values are all known beforehand: a place per distinct x, which
 * holds a y or nothing, and a tree of 32-bit words over the places (van Emde Boas 1975 with a fixed fan-out), so that the
 * nearest taken place is found in as many steps as the number of places has digits to base 32. Ascending place, descending y.
 */
export class Staircase {
  readonly y: Float64Array;
  private readonly levels: readonly Int32Array[];

  constructor(places: number) {
    this.y = new Float64Array(places);
    const levels: Int32Array[] = [];
    let words = places;
    do {
      words = Math.max(1, (words + 31) >>> 5);
      levels.push(new Int32Array(words));
    } while (words > 1);
    this.levels = levels;
  }

  add(place: number, y: number): void {
    this.y[place] = y;
    let at = place;
    for (const words of this.levels) {
      const word = at >>> 5;
      words[word] = (words[word] as number) | (1 << (at & 31));
      at = word;
    }
  }

  remove(place: number): void {
    let at = place;
    for (const words of this.levels) {
      const word = at >>> 5;
      const left = (words[word] as number) & ~(1 << (at & 31));
      words[word] = left;
      if (left !== 0) return;
      at = word;
    }
  }

  /** The last taken place up to and with `place`; −1 when there is none. */
  atOrBefore(place: number): number {
    let at = place;
    for (let level = 0; level < this.levels.length; level++) {
      const words = this.levels[level] as Int32Array;
      const word = at >>> 5;
      const found = (words[word] as number) & (0xffff_ffff >>> (31 - (at & 31)));
      if (found !== 0) return this.lastBelow(level, (word << 5) + 31 - Math.clz32(found));
      if (word === 0) return -1;
      at = word - 1;
    }
    return -1;
  }

  /** The first taken place after `place`; −1 when there is none. */
  after(place: number): number {
    let at = place + 1;
    for (let level = 0; level < this.levels.length; level++) {
      const words = this.levels[level] as Int32Array;
      const word = at >>> 5;
      if (word >= words.length) return -1;
      const found = (words[word] as number) & (0xffff_ffff << (at & 31));
      if (found !== 0) return this.firstBelow(level, (word << 5) + 31 - Math.clz32(found & -found));
      at = word + 1;
    }
    return -1;
  }

  private lastBelow(level: number, from: number): number {
    let at = from;
    for (let below = level - 1; below >= 0; below--)
      at = (at << 5) + 31 - Math.clz32((this.levels[below] as Int32Array)[at] as number);
    return at;
  }

  private firstBelow(level: number, from: number): number {
    let at = from;
    for (let below = level - 1; below >= 0; below--) {
      const word = (this.levels[below] as Int32Array)[at] as number;
      at = (at << 5) + 31 - Math.clz32(word & -word);
    }
    return at;
  }
}

/** A place for each value, equal ones sharing it, ascending; and how many there are. */
export function placesOf(
  values: Float64Array,
  order: Uint32Array,
): { readonly place: Uint32Array; readonly count: number } {
  const place = new Uint32Array(values.length);
  let count = 0;
  for (let at = 0; at < order.length; at++) {
    const i = order[at] as number;
    if (at > 0 && values[i] !== values[order[at - 1] as number]) count++;
    place[i] = count;
  }
  return { place, count: order.length === 0 ? 0 : count + 1 };
}
