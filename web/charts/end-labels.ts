/** Moves places (0 top – 1 bottom) apart until neighbours are at least `gap` away, keeping their order. */
export function spreadLabels(places: readonly number[], gap: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  let previous = -Infinity;
  for (const label of order) {
    label.place = Math.max(label.place, previous + gap);
    previous = label.place;
  }
  const overflow = Math.max(0, previous - 1);
  let next = Infinity;
  for (const label of order.reverse()) {
    label.place = Math.min(label.place, next - gap, overflow > 0 ? 1 : Infinity);
    next = label.place;
  }
  const spread = new Array<number>(places.length).fill(0);
  for (const { place, index } of order) spread[index] = place;
  return spread;
}
