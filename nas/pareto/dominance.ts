/** Objective vectors, one row each, all minimised. */
export type Points = readonly (readonly number[])[];

/** Whether `a` is at least as good as `b` in every objective and better in one (all minimised). */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    const left = a[i] as number;
    const right = b[i] as number;
    if (left > right) return false;
    if (left < right) better = true;
  }
  return better;
}

/** Rows without those that repeat an earlier row; order kept. */
export function distinctPoints(points: Points): Points {
  const seen = new Set<string>();
  return points.filter((point) => {
    const key = point.join(' ');
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
