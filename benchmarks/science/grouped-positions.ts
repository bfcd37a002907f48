import type { PerChoice } from '@espalier/nas/prune';
import { objectiveTable } from '@espalier/nas/search';
import { enumerateEncodings, positionsOf, type Choice, type SearchSpace } from '@espalier/nas/space';
import type { TabulatedSpace } from './tabulated.js';

/**
 * The same networks and objectives with several positions taken as one, whose choices are all that may stand there together: so a
 * stage becomes a block with many variants, as in BLOX. `lengths` says how many consecutive positions each group takes; no
 * constraint may reach from one group into another (RangeError). Parameters and latencies of a choice are sums.
 */
export function grouped(tabled: TabulatedSpace, suffix: string, lengths: readonly number[]): TabulatedSpace {
  const groups = groupsOf(tabled.space, lengths);
  const space = spaceOf(tabled.space, suffix, groups);
  const { error, latencyMs } = tabled.table;
  const sums = (table: PerChoice): number[][] =>
    groups.map(({ start, combinations }) =>
      combinations.map((choices) =>
        choices.reduce((sum, choice, at) => sum + (table[start + at]?.[choice] ?? 0), 0),
      ),
    );
  // Groups are consecutive and their combinations ascend, so that networks keep their order.
  return {
    ...tabled,
    space,
    table: objectiveTable(space, error, latencyMs),
    blockLatencyMs: sums(tabled.blockLatencyMs),
    params: sums(tabled.params),
  };
}

interface Group {
  readonly start: number;
  /** Choices at the group's positions, in lexicographic order. */
  readonly combinations: readonly (readonly number[])[];
}

function groupsOf(space: SearchSpace, lengths: readonly number[]): readonly Group[] {
  let next = 0;
  const starts = lengths.map((length) => (next += length) - length);
  const found = lengths.map(() => new Map<string, readonly number[]>());
  let networks = 0;
  for (const encoding of enumerateEncodings(space)) {
    networks++;
    found.forEach((combinations, group) => {
      const start = starts[group] ?? 0;
      const choices = encoding.slice(start, start + (lengths[group] ?? 0));
      combinations.set(choices.join('.'), choices);
    });
  }
  const product = found.reduce((all, { size }) => all * size, 1);
  if (next !== positionsOf(space).length || product !== networks)
    throw new RangeError(
      `${space.name}: groups of ${lengths.join(', ')} positions have ${String(product)} combinations, the space ${String(networks)} networks`,
    );
  return found.map((combinations, group) => ({
    start: starts[group] ?? 0,
    combinations: [...combinations.values()],
  }));
}

function spaceOf(space: SearchSpace, suffix: string, groups: readonly Group[]): SearchSpace {
  const positions = positionsOf(space);
  return {
    ...space,
    name: `${space.name}-${suffix}`,
    cell: null,
    constraints: [],
    stages: groups.map(({ start, combinations }, at) => {
      const choices = combinations.map((taken): Choice => {
        const name = taken.map((choice, i) => positions[start + i]?.choices[choice]?.name ?? '').join(' ');
        // No kind of block holds several; this one is never built, only told apart.
        return { name, label: name, block: { kind: 'uploaded', sha256: name } };
      });
      const name = `group${String(at + 1)}`;
      const layer = { name, stride: 1, choices, typical: 0 };
      return { name, channels: [1], before: [], layers: [layer], depths: [1], cells: 0, after: [] };
    }),
  };
}
