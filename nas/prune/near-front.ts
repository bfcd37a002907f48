import {
  encodingKey,
  enumerateKept,
  isKept,
  keptSize,
  neighbours,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '../space/index.js';
import { predictedFront } from './predicted-front.js';
import type { PerChoice } from './rule.js';

/** Networks whose neighbours are looked at together, before the nearest are found anew. */
const TOGETHER = 64;

/** As many times the limit are looked at: then nineteen of twenty are those that looking at all of them would give. */
const LOOKED_AT = 4;

/**
 * The `limit` kept networks with the least error above the front at their latency, if error and latency are sums of `effect` and
 * `latencyMs`. In large spaces of those that are reached from the front by changing one choice after another.
 */
export function networksNearFront(
  space: SearchSpace,
  kept: KeptChoices,
  { effect, latencyMs }: { readonly effect: PerChoice; readonly latencyMs: PerChoice },
  limit: number,
): readonly Encoding[] {
  const front = predictedFront(space, kept, effect, latencyMs);
  const steps = front.map((encoding) => [sumOver(latencyMs, encoding), sumOver(effect, encoding)] as const);
  const found = new Map<string, Near>();
  const add = (encoding: Encoding): void => {
    const key = encodingKey(encoding);
    if (found.has(key)) return;
    const ms = sumOver(latencyMs, encoding);
    const [, least = 0] = steps.findLast(([from]) => from <= ms) ?? steps[0] ?? [];
    found.set(key, { encoding, gap: sumOver(effect, encoding) - least, isLookedAt: false });
  };
  const isSmall = keptSize(space, kept) <= BigInt(LOOKED_AT * limit);
  for (const encoding of isSmall ? enumerateKept(space, kept) : front) add(encoding);
  while (!isSmall && found.size < LOOKED_AT * limit) {
    const next = nearest([...found.values()].filter(({ isLookedAt }) => !isLookedAt)).slice(0, TOGETHER);
    if (next.length === 0) break;
    for (const near of next) {
      near.isLookedAt = true;
      for (const neighbour of neighbours(space, near.encoding)) if (isKept(kept, neighbour)) add(neighbour);
    }
  }
  return nearest([...found.values()])
    .slice(0, limit)
    .map(({ encoding }) => encoding);
}

/** What a network comes to if its choices' figures add up. */
function sumOver(table: PerChoice, encoding: Encoding): number {
  let sum = 0;
  for (let at = 0; at < encoding.length; at++) sum += table[at]?.[encoding[at] as number] ?? NaN;
  return sum;
}

interface Near {
  readonly encoding: Encoding;
  /** Error above the front. */
  readonly gap: number;
  isLookedAt: boolean;
}

const nearest = (networks: Near[]): Near[] => networks.sort((a, b) => a.gap - b.gap);
