import { encodingKey, type Encoding } from '../space/index.js';
import { joinCheckpoints, readCheckpoint, splitCheckpoints, writeCheckpoint } from './checkpoint.js';
import type { Sampler } from './sampler.js';

/** Asks for given networks, each once and in order, before any that the sampler proposes; it learns of all. */
export function askedFirst(first: readonly Encoding[], sampler: Sampler): Sampler {
  return askedFrom(first, 0, sampler);
}

/**
 * Goes on from `save()`; `restore` restores the inner sampler from its part. SearchError SEARCH_INVALID_CHECKPOINT for other
 * networks or damaged bytes.
 */
export function restoreAskedFirst(
  first: readonly Encoding[],
  checkpoint: Uint8Array,
  restore: (checkpoint: Uint8Array) => Sampler,
): Sampler {
  if (first.length === 0) return restore(checkpoint);
  const [own, inner] = splitCheckpoints(checkpoint);
  const [asked = 0] = readCheckpoint(nameOf(first), own);
  return askedFrom(first, asked, restore(inner));
}

function askedFrom(first: readonly Encoding[], begun: number, sampler: Sampler): Sampler {
  if (first.length === 0) return sampler;
  let asked = begun;
  return {
    ask: () => {
      const given = first[asked];
      if (given === undefined) return sampler.ask();
      asked++;
      return given;
    },
    tell: (evaluated) => {
      sampler.tell(evaluated);
    },
    save: () => joinCheckpoints(writeCheckpoint(nameOf(first), [asked]), sampler.save()),
  };
}

function nameOf(first: readonly Encoding[]): string {
  return `asked-first/1 ${first.map(encodingKey).join(' ')}`;
}
