/** Characters that fit in a line beside a chart. */
const LINE = 26;

/**
 * Moves places (0 top – 1 bottom) apart until neighbours have room, keeping their order. `height` is what a label of one
 * line takes; of two lines where the text, if given, needs them.
 */
export function spreadLabels(
  places: readonly number[],
  height: number,
  texts: readonly string[] = [],
): number[] {
  const order = places
    .map((place, index) => ({
      place,
      index,
      half: (height / 2) * Math.max(1, Math.ceil((texts[index]?.length ?? 0) / LINE)),
    }))
    .sort((a, b) => a.place - b.place);
  let free = -Infinity;
  for (const label of order) {
    label.place = Math.max(label.place, free + label.half);
    free = label.place + label.half;
  }
  const overflows = (order.at(-1)?.place ?? 0) > 1;
  free = Infinity;
  for (const label of order.reverse()) {
    label.place = Math.min(label.place, free - label.half, overflows ? 1 : Infinity);
    free = label.place - label.half;
  }
  const spread = new Array<number>(places.length).fill(0);
  for (const { place, index } of order) spread[index] = place;
  return spread;
}
