import { encodingKey, sampleEncoding, spaceSize, type Encoding, type SearchSpace } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import type { Answers } from '../accuracy/index.js';

/** A network and its accuracy, in the task's unit. */
export interface Evaluation {
  readonly encoding: Encoding;
  readonly accuracy: number;
}

/** So many times as many random networks are looked up in a table that lacks most of them. */
const DRAWS = 50;

/** Distinct uniform networks that the source knows; all of the space when it has no more. */
export function randomNetworks(
  space: SearchSpace,
  count: number,
  seed: number,
  answers: Answers,
): readonly Encoding[] {
  const random = createRandom(seed);
  const wanted = spaceSize(space) < BigInt(count) ? Number(spaceSize(space)) : count;
  const seen = new Map<string, Encoding>();
  for (let draws = 0; seen.size < wanted && draws < DRAWS * wanted; draws++) {
    const encoding = sampleEncoding(space, random);
    if (knows(answers, encoding)) seen.set(encodingKey(encoding), encoding);
  }
  return [...seen.values()];
}

export const knows = (answers: Answers, encoding: Encoding): boolean =>
  answers.kind === 'COMPUTED' || answers.accuracyOf(encoding) !== null;

/** What the source says of networks that it knows, in their order. */
export async function evaluationsOf(
  encodings: readonly Encoding[],
  answers: Answers,
): Promise<readonly Evaluation[]> {
  const accuracies =
    answers.kind === 'LOOKED_UP'
      ? encodings.map((encoding) => answers.accuracyOf(encoding) ?? NaN)
      : await answers.accuraciesOf(encodings, new AbortController().signal);
  return encodings.map((encoding, i) => ({ encoding, accuracy: accuracies[i] ?? NaN }));
}
