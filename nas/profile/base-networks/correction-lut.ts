import { builtSitesOf } from '../../graph/index.js';
import {
  absentChoice,
  baseNetworksOf,
  firstInadmissible,
  nearestNetwork,
  networksOf,
  parseEncoding,
  positionsOf,
  typicalEncoding,
  type Encoding,
  type Position,
  type SearchSpace,
} from '../../space/index.js';
import { createRandom } from '../../stats/index.js';
import { ProfileError } from '../error.js';
import { predictLatency, type LatencyTable } from '../latency-table.js';
import { subjectKey, type Subject } from '../subject.js';

/** Zeng et al.'s table with what it is made of; milliseconds. */
export interface CorrectionLut {
  readonly table: LatencyTable;
  /** What the first base network takes. */
  readonly baseNetworkMs: number;
  /** Of that, what the typical choice of each position takes; 0 where nothing is built. */
  readonly baseMs: readonly number[];
  /** What each choice changes in the base network; null where constraints rule the swap out. */
  readonly corrections: readonly (readonly (number | null)[])[];
}

/** The base networks, those without one layer each, and for a choice that constraints keep from being swapped in the nearest. */
export function lutSubjects(space: SearchSpace): readonly Subject[] {
  const typical = typicalEncoding(space);
  const subjects: Subject[] = [
    ...baseNetworksOf(space).map((encoding): Subject => ({ kind: 'NETWORK', encoding })),
    ...positionsOf(space).flatMap((position) => removal(space, typical, position)),
    ...detours(space).map(({ encoding }): Subject => ({ kind: 'NETWORK', encoding })),
  ];
  return [...new Map(subjects.map((subject) => [subjectKey(subject), subject])).values()];
}

/**
 * LUT[i][j] = base[i] + (t(base network with j at i) − t(base network)): exact for the base network and every single swap, but
 * for entries held at 1 µs. `floors`: by `subjectKey`, milliseconds. Throws PROFILE_MISSING_RESULT for a subject without one.
 */
export function correctionLut(space: SearchSpace, floors: ReadonlyMap<string, number>): CorrectionLut {
  const timeOf = (subject: Subject): number => {
    const found = floors.get(subjectKey(subject));
    if (found === undefined)
      throw new ProfileError('PROFILE_MISSING_RESULT', `${subjectKey(subject)} was not measured`);
    return found;
  };
  const networkMs = (encoding: Encoding): number => timeOf({ kind: 'NETWORK', encoding });
  const typical = typicalEncoding(space);
  const positions = positionsOf(space);
  const baseNetworkMs = networkMs(typical);
  const corrections = positions.map(({ index, choices }) =>
    choices.map((_, choice) => {
      const swap = swapOf(space, index, choice);
      return swap === null ? null : networkMs(swap) - baseNetworkMs;
    }),
  );
  const baseMs = positions.map((position) => {
    const [removed] = removal(space, typical, position);
    if (removed !== undefined) return Math.max(0, baseNetworkMs - timeOf(removed));
    const idle = idleChoices(space, position).map((choice) => corrections[position.index]?.[choice] ?? 0);
    return Math.max(0, -Math.min(0, ...idle));
  });
  const fixedMs = baseNetworkMs - baseMs.reduce((sum, each) => sum + each, 0);
  // A swap that is not to be had alone counts as none until its detour says more.
  const layers = positions.map((position) =>
    position.choices.map((_, choice) =>
      choice === absentChoice(position)
        ? 0
        : (baseMs[position.index] ?? 0) + (corrections[position.index]?.[choice] ?? 0),
    ),
  );
  for (const { position, choice, encoding } of detours(space)) {
    const own = layers[position];
    if (own === undefined) continue;
    own[choice] = 0;
    own[choice] = networkMs(encoding) - predictLatency({ layers, fixedMs }, encoding);
  }
  return {
    table: { layers: layers.map((layer, at) => floored(space, positions[at], layer)), fixedMs },
    baseNetworkMs,
    baseMs,
    corrections,
  };
}

const LEAST_MS = 0.001;

/** What builds something takes at least 1 µs: scores divide by it. */
function floored(
  space: SearchSpace,
  position: Position | undefined,
  layer: readonly number[],
): readonly number[] {
  const idle = position === undefined ? [] : idleChoices(space, position);
  return layer.map((ms, choice) => Math.max(idle.includes(choice) ? 0 : LEAST_MS, ms));
}

/**
 * How the base network is measured without what it has at a position; none where a swap takes it out as well. Of the choices that
 * build nothing, of a width or a resolution of all, the least then takes nothing.
 */
function removal(space: SearchSpace, typical: Encoding, position: Position): readonly Subject[] {
  const isSwap = idleChoices(space, position).some(
    (choice) => swapOf(space, position.index, choice) !== null,
  );
  return isSwap ? [] : [{ kind: 'WITHOUT', encoding: typical, layer: position.index }];
}

/** Those that build nothing: all of a width or a resolution. */
function idleChoices(space: SearchSpace, { index, choices }: Position): readonly number[] {
  return choices.flatMap((_, choice) => (builtSitesOf(space, index, choice).length === 0 ? [choice] : []));
}

/** Networks as near the base network as can be, for choices that constraints keep from being swapped in alone. */
function detours(
  space: SearchSpace,
): readonly { readonly position: number; readonly choice: number; readonly encoding: Encoding }[] {
  const typical = typicalEncoding(space);
  const networks = networksOf(space);
  const found = positionsOf(space).flatMap((position) =>
    position.choices.flatMap((_, choice) => {
      const { index } = position;
      // Leaving a layer out takes nothing, by definition.
      if (choice === absentChoice(position) || swapOf(space, index, choice) !== null) return [];
      const near = nearestNetwork(networks, typical, index, choice, createRandom(0));
      return near === null ? [] : [{ position: index, choice, encoding: parseEncoding(space, near) }];
    }),
  );
  // The fewer other choices a network changes, the more of them are known when its own is worked out.
  const distance = (encoding: Encoding): number => encoding.filter((each, at) => each !== typical[at]).length;
  return found.sort((a, b) => distance(a.encoding) - distance(b.encoding));
}

/** The base network with one choice; null where constraints rule it out. */
function swapOf(space: SearchSpace, position: number, choice: number): Encoding | null {
  const swapped = typicalEncoding(space).map((each, at) => (at === position ? choice : each));
  return firstInadmissible(networksOf(space), swapped) === null ? parseEncoding(space, swapped) : null;
}
