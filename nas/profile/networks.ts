import { countMacs } from '../graph/index.js';
import { encodingKey, sampleEncoding, spaceSize, type Encoding, type SearchSpace } from '../space/index.js';
import { createRandom } from '../stats/index.js';
import type { PlannedSubject, ProfilePlan } from './methods/method.js';
import type { CommonOptions } from './methods/options.js';
import { subjectNetwork } from './subject.js';

/** Distinct networks drawn uniformly: first those to fit on, then those held out; fewer where the space has no more. */
export function fitAndHeldOut(
  space: SearchSpace,
  { fitNetworks, heldOutNetworks, seed }: CommonOptions,
): readonly PlannedSubject[] {
  return distinctNetworks(space, fitNetworks + heldOutNetworks, seed).map((encoding, at) => ({
    subject: { kind: 'NETWORK', encoding },
    purpose: at < fitNetworks ? 'FIT' : 'HELD_OUT',
  }));
}

export function distinctNetworks(space: SearchSpace, count: number, seed: number): readonly Encoding[] {
  const wanted = spaceSize(space) < BigInt(count) ? Number(spaceSize(space)) : count;
  const random = createRandom(seed);
  const drawn = new Map<string, Encoding>();
  while (drawn.size < wanted) {
    const encoding = sampleEncoding(space, random);
    drawn.set(encodingKey(encoding), encoding);
  }
  return [...drawn.values()];
}

/** A plan of these subjects: some 0.15 s each for sessions and rounds of small models, plus 60 runs at 10 MAC a nanosecond. */
export function planOf(space: SearchSpace, subjects: readonly PlannedSubject[], batch: number): ProfilePlan {
  const macs = subjects.reduce((sum, { subject }) => sum + countMacs(subjectNetwork(space, subject)), 0);
  return { subjects, estimatedSeconds: Math.ceil(0.15 * subjects.length + (60 * macs * batch) / 10e9) };
}
