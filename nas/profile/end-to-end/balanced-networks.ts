import {
  choiceMeasure,
  choiceProbabilities,
  encodingKey,
  enumerateEncodings,
  positionsOf,
  sampleByChoices,
  spaceSize,
  type Encoding,
  type SearchSpace,
} from '../../space/index.js';
import { createRandom } from '../../stats/index.js';

/** Networks looked at before one is taken. */
const CANDIDATES = 16;

/** Spaces up to this size are looked at as a whole. */
const SMALL = 2048;

/**
 * Distinct networks in which every choice is seen as often as it is drawn on average: every depth of a stage, every block of a
 * layer about equally often (the measure of Mills et al. 2021). Of some random candidates the next is the one whose choices
 * lag most, so that any first part is balanced, too, and means over the networks vary less than over random ones. Fewer where
 * the space has no more; none of `excluded`.
 */
export function balancedNetworks(
  space: SearchSpace,
  count: number,
  seed: number,
  excluded: readonly Encoding[] = [],
): readonly Encoding[] {
  const measure = choiceMeasure(space);
  const chances = choiceProbabilities(measure);
  const seen = positionsOf(space).map(({ choices }) => new Float64Array(choices.length));
  const random = createRandom(seed);
  const taken = new Set(excluded.map(encodingKey));
  const pool = spaceSize(space) <= BigInt(SMALL) ? [...enumerateEncodings(space)] : null;
  const networks: Encoding[] = [];
  while (networks.length < count) {
    const candidates = (
      pool ?? Array.from({ length: CANDIDATES }, () => sampleByChoices(measure, random))
    ).filter((each) => !taken.has(encodingKey(each)));
    const lag = (encoding: Encoding): number =>
      encoding.reduce((sum, choice, at) => {
        const chance = chances[at]?.[choice] ?? 0;
        // A choice that only a network's being drawn uniformly would bring has no share.
        if (chance === 0) return sum - count;
        return sum + ((networks.length + 1) * chance - (seen[at]?.[choice] ?? 0)) / Math.sqrt(chance);
      }, 0);
    const [best] = candidates
      .map((encoding) => ({ encoding, lag: lag(encoding) }))
      .sort((a, b) => b.lag - a.lag);
    if (best === undefined) {
      if (pool !== null) break;
      continue;
    }
    networks.push(best.encoding);
    taken.add(encodingKey(best.encoding));
    best.encoding.forEach((choice, at) => {
      const here = seen[at];
      if (here !== undefined) here[choice] = (here[choice] ?? 0) + 1;
    });
  }
  return networks;
}
