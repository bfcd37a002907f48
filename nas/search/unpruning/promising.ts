import type { Encoding } from '../../space/index.js';
import type { Objectives } from '../sampler.js';
import type { ErrorModel } from './error-model.js';
import { cornerOf, expectedGrowth, heightAt, withPoint, type Expected, type Staircase } from './staircase.js';

/**
 * At most `size` of the candidates, best first: in turn the one from which the front's hypervolume is expected to grow most,
 * what was chosen taken to be as expected (Ginsbourger et al. 2010, the believer), and the one that most likely improves on
 * the front at all, which finds the points that are hidden between near neighbours.
 */
export function mostPromising(
  model: ErrorModel,
  front: Staircase,
  candidates: readonly Encoding[],
  latencyOf: (encoding: Encoding) => number,
  size: number,
): Encoding[] {
  const corner = cornerOf(front);
  const all = candidates.map((encoding): Candidate => {
    const mean = model.mean(encoding);
    return { encoding, mean, deviation: model.noise, latencyMs: latencyOf(encoding), growth: 0 };
  });
  const growing = sharpest(model, all, (each) => expectedGrowth(front, corner, each), size);
  const likely = sharpest(model, all, (each) => advantage(front, corner, each), size);
  const chosen = new Set<Encoding>();
  let believed: Staircase = front;
  let at = 0;
  while (chosen.size < size && (growing.length > 0 || at < likely.length)) {
    const next = growing.length > 0 ? growingMost(growing, believed, corner) : undefined;
    if (next !== undefined) {
      believed = withPoint(believed, { error: next.mean, latencyMs: next.latencyMs });
      chosen.add(next.encoding);
    }
    const other = likely[at++];
    if (other !== undefined && chosen.size < size) chosen.add(other.encoding);
  }
  return [...chosen];
}

interface Candidate extends Expected {
  readonly encoding: Encoding;
  growth: number;
}

/** The best `2 · size` by a score, their deviations made exact, then best first. */
function sharpest(
  model: ErrorModel,
  candidates: readonly Candidate[],
  scoreOf: (candidate: Candidate) => number,
  size: number,
): Candidate[] {
  const scored = (list: readonly Candidate[]): Candidate[] =>
    list.map((each) => ({ ...each, growth: scoreOf(each) })).sort((a, b) => b.growth - a.growth);
  const exact = scored(candidates)
    .slice(0, 2 * size)
    .map((each) => ({ ...each, deviation: model.deviation(each.encoding) }));
  return scored(exact);
}

/** Takes out the one from which the believed front grows most. A growth only falls as the front rises, so old ones are bounds. */
function growingMost(
  candidates: Candidate[],
  believed: Staircase,
  corner: Objectives,
): Candidate | undefined {
  for (;;) {
    const [first, second] = candidates;
    if (first === undefined) return undefined;
    first.growth = expectedGrowth(believed, corner, first);
    if (second === undefined || first.growth >= second.growth) return candidates.shift();
    const place = candidates.findIndex((each, i) => i > 0 && each.growth <= first.growth);
    candidates.splice(place < 0 ? candidates.length : place, 0, first);
    candidates.shift();
  }
}

/** By how many deviations the network is expected to lie below the staircase. */
function advantage(front: Staircase, corner: Objectives, { mean, deviation, latencyMs }: Expected): number {
  return (heightAt(front, latencyMs, corner.error) - mean) / Math.max(deviation, Number.MIN_VALUE);
}
