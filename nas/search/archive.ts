/** A network that an archive holds: its choices, objectives and how far it passes limits. */
export interface Archived {
  readonly choices: readonly number[];
  readonly error: number;
  readonly latencyMs: number;
  readonly violation: number;
}

/**
 * Whether `a` dominates `b` under limits (Deb et al. 2002): a feasible network each infeasible one, of two infeasible ones the one
 * that passes limits by less, of two feasible ones by their objectives.
 */
export function dominatesWithin(a: Archived, b: Archived): boolean {
  if (a.violation > 0 || b.violation > 0) return a.violation < b.violation;
  if (a.error > b.error || a.latencyMs > b.latencyMs) return false;
  return a.error < b.error || a.latencyMs < b.latencyMs;
}

/**
 * The networks told so far that none dominates, in the order in which they came; a network is held once. Whether it was
 * taken in.
 */
export function addToFront<T extends Archived>(front: T[], told: T): boolean {
  const isHeld = (held: T): boolean =>
    dominatesWithin(held, told) || held.choices.every((choice, at) => choice === told.choices[at]);
  if (front.some(isHeld)) return false;
  const staying = front.filter((held) => !dominatesWithin(told, held));
  front.splice(0, front.length, ...staying, told);
  return true;
}

/** The best by violation, then error, then latency, at most `most`; a network is held once. */
export function addToBest(best: Archived[], told: Archived, most: number): void {
  if (best.some(({ choices }) => choices.every((choice, at) => choice === told.choices[at]))) return;
  const at = best.findIndex((held) => isBetter(told, held));
  best.splice(at < 0 ? best.length : at, 0, told);
  if (best.length > most) best.length = most;
}

function isBetter(a: Archived, b: Archived): boolean {
  if (a.violation !== b.violation) return a.violation < b.violation;
  if (a.error !== b.error) return a.error < b.error;
  return a.latencyMs < b.latencyMs;
}

/** As numbers for a checkpoint. */
export function archivedNumbers(archived: readonly Archived[]): number[] {
  return [
    archived.length,
    ...archived.flatMap(({ choices, error, latencyMs, violation }) => [
      ...choices,
      error,
      latencyMs,
      violation,
    ]),
  ];
}
