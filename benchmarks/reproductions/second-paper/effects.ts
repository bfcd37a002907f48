import { placementEffects, shrunkenEffects, type PerChoice } from '@espalier/nas/prune';
import type { Evaluated } from '@espalier/nas/search';
import { encodingIndex, enumerateEncodings, sampleEncoding } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import type { TabulatedSpace } from '../../science/tabulated.js';

/** Networks that a sample of a space holds: three for each of BLOX's 45 blocks. */
export const SAMPLE_SIZE = 135;

/** A network of a table with its place there. */
export interface Sampled extends Evaluated {
  readonly index: number;
}

/** Uniform random networks of the whole space, others for each seed. */
export function sampleOf({ space, table }: TabulatedSpace, seed: number, count = SAMPLE_SIZE): Sampled[] {
  const random = createRandom(1_000_000 + seed);
  return Array.from({ length: count }, () => {
    const encoding = sampleEncoding(space, random);
    const index = encodingIndex(space, encoding);
    return {
      encoding,
      index,
      error: table.error[index] ?? NaN,
      latencyMs: table.latencyMs[index] ?? NaN,
    };
  });
}

/** Effects from a sample, shrunk by their uncertainty: [layer][choice] in percentage points of error. */
export function effectsFromSample(tabulated: TabulatedSpace, seed: number): PerChoice {
  return remembered(
    tabulated,
    String(seed),
    () => shrunkenEffects(tabulated.space, sampleOf(tabulated, seed)).effect,
  );
}

/** Effects over all networks: what a sample tries to tell. */
export function effectsOfTable(tabulated: TabulatedSpace): PerChoice {
  const { space, table } = tabulated;
  return remembered(tabulated, 'table', () => {
    const all = Array.from(enumerateEncodings(space), (encoding, index) => ({
      encoding,
      error: table.error[index] ?? NaN,
    }));
    return placementEffects(space, all).effect;
  });
}

/** Effects know nothing of latency: tables that share their errors share them. */
function remembered({ space, table }: TabulatedSpace, what: string, find: () => PerChoice): PerChoice {
  const known = effects.get(table.error) ?? new Map<string, PerChoice>();
  effects.set(table.error, known);
  const key = `${space.name} ${what}`;
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

const effects = new WeakMap<Float64Array, Map<string, PerChoice>>();
