import { crowdingDistances, nonDominationRanksPlain } from '../pareto/index.js';

/** A member of a population in order of age. */
export interface Member {
  readonly genome: readonly number[];
  readonly error: number;
  readonly latencyMs: number;
  readonly violation: number;
}

/** The definition of `Ranking`, front by front: its oracle. */
export function rankingPlain(members: readonly Member[]): { rank: number[]; crowding: number[] } {
  const rank = members.map(() => -1);
  const crowding = members.map(() => 0);
  const isCopy = members.map((member, i) =>
    members
      .slice(0, i)
      .some(
        (other) =>
          other.genome.join() === member.genome.join() &&
          other.error === member.error &&
          other.latencyMs === member.latencyMs,
      ),
  );
  const originals = members.flatMap((_, i) => (isCopy[i] === true ? [] : [i]));
  const feasible = originals.filter((i) => (members[i]?.violation ?? 0) <= 0);
  const points = feasible.map((i) => [members[i]?.error ?? NaN, members[i]?.latencyMs ?? NaN]);
  const ranks = nonDominationRanksPlain(points);
  let count = 0;
  for (; ranks.includes(count); count++) {
    const front = feasible.filter((_, at) => ranks[at] === count);
    const distances = crowdingDistances(points.filter((_, at) => ranks[at] === count));
    front.forEach((i, at) => {
      rank[i] = count;
      crowding[i] = distances[at] ?? NaN;
    });
  }
  const outside = originals.filter((i) => (members[i]?.violation ?? 0) > 0);
  const violations = [...new Set(outside.map((i) => members[i]?.violation ?? 0))].sort((a, b) => a - b);
  for (const i of outside) rank[i] = count + violations.indexOf(members[i]?.violation ?? 0);
  count += violations.length;
  return { rank: rank.map((r) => (r < 0 ? count : r)), crowding };
}

/** The members that survive, in order of age: by rank, then crowding, then by lot as `lot(n)` in [0, n) has it. */
export function survivorsPlain(
  members: readonly Member[],
  keep: number,
  lot: (n: number) => number,
): number[] {
  const { rank, crowding } = rankingPlain(members);
  const order = [...members.keys()].sort(
    (i, j) => (rank[i] ?? 0) - (rank[j] ?? 0) || compare(crowding[j] ?? 0, crowding[i] ?? 0),
  );
  const cut = order[keep - 1] ?? 0;
  const isTied = (i: number): boolean => rank[i] === rank[cut] && crowding[i] === crowding[cut];
  const tied = [...members.keys()].filter(isTied);
  const before = order.slice(0, keep).filter((i) => !isTied(i));
  let wanted = keep - before.length;
  const drawn = tied.filter((_, at) => {
    const isTaken = wanted === tied.length - at || (wanted > 0 && lot(tied.length - at) < wanted);
    if (isTaken) wanted--;
    return isTaken;
  });
  return [...before, ...drawn].sort((i, j) => i - j);
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
