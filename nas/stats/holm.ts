/**
 * p-values adjusted for their number (Holm 1979): those at most α may be called significant with a chance of at most α that any
 * of the calls is wrong, whatever the dependence between the tests. In the order given, at least as large as given and at most
 * 1. NaN stays NaN and counts for no test. RangeError outside [0, 1].
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const tested = [...pValues.keys()].filter((i) => !Number.isNaN(pValues[i] as number));
  const bad = tested.find((i) => !((pValues[i] as number) >= 0 && (pValues[i] as number) <= 1));
  if (bad !== undefined)
    throw new RangeError(`p-value ${String(bad)} is ${String(pValues[bad])}; expected 0 to 1`);
  const adjusted = pValues.map(() => NaN);
  let largest = 0;
  tested
    .sort((a, b) => (pValues[a] as number) - (pValues[b] as number))
    .forEach((i, rank) => {
      largest = Math.max(largest, Math.min(1, (tested.length - rank) * (pValues[i] as number)));
      adjusted[i] = largest;
    });
  return adjusted;
}
