import {
  choiceMeasure,
  encodingKey,
  logProbability,
  placementEffects,
  type DepthGuard,
  type Encoding,
  type Placement,
  type SearchSpace,
} from '../../space/index.js';
import { ProfileError } from '../error.js';
import type { MeasuredNetwork } from '../quality.js';

/** What whole networks with a placement took, as the profiler of Mills et al. 2021 reports it; times in milliseconds. */
export interface SampleSummary {
  /** How many equally weighed networks would say as much. */
  readonly networks: number;
  readonly meanMs: number;
  readonly standardErrorMs: number;
  readonly deviationMs: number;
  readonly percentilesMs: Readonly<Record<'p1' | 'p5' | 'p95' | 'p99', number>>;
  readonly minMs: number;
  readonly maxMs: number;
  /** Architectures with these, as `encodingKey` writes them. */
  readonly minAt: string;
  readonly maxAt: string;
}

export interface PlacementSample extends Placement {
  /** Null where no measured network could have been drawn with the placement held. */
  readonly sample: SampleSummary | null;
  /** A network's share in the mean; they sum to 1. */
  readonly shares: Float64Array;
}

export interface PlacementSamples {
  readonly all: SampleSummary;
  readonly placements: readonly PlacementSample[];
}

/**
 * Their sampling estimator on networks that were drawn without anything held: each network counts for a placement by how much
 * likelier it is with the placement held than without, so that one campaign serves all placements and all depth guards.
 */
export function samplePlacements(
  space: SearchSpace,
  networks: readonly MeasuredNetwork[],
  guard: DepthGuard,
): PlacementSamples {
  const base = choiceMeasure(space);
  const drawn = networks.map(({ encoding }) => logProbability(base, encoding));
  // Asked for no expectation, only for which placements there are.
  const possible = placementEffects(space, () => 0);
  const all = summary(networks, new Float64Array(networks.length).fill(1 / networks.length));
  if (all === null) throw new ProfileError('PROFILE_MISSING_RESULT', 'no whole network was measured');
  return {
    all,
    placements: possible.map(({ block, held }) => {
      const measure = choiceMeasure(space, { held, guard });
      const weights = Float64Array.from(networks, ({ encoding }, i) =>
        Math.exp(logProbability(measure, encoding) - (drawn[i] ?? 0)),
      );
      const sum = weights.reduce((total, each) => total + each, 0);
      const shares = weights.map((weight) => (sum > 0 ? weight / sum : 0));
      return { block, held, sample: summary(networks, shares), shares };
    }),
  };
}

/** A block's response (their equation 1), with the standard error of a mean over networks that its placements share. */
export interface SampledResponse {
  readonly block: string;
  readonly meanMs: number;
  readonly standardErrorMs: number;
  /** Placements that were seen, of those there are. */
  readonly placements: number;
}

export function sampledResponses(
  { placements }: PlacementSamples,
  networks: readonly MeasuredNetwork[],
): readonly SampledResponse[] {
  const blocks = new Map<string, { sample: SampleSummary; shares: Float64Array }[]>();
  for (const { block, sample, shares } of placements)
    if (sample !== null) blocks.set(block, [...(blocks.get(block) ?? []), { sample, shares }]);
  return [...blocks].map(([block, seen]) => {
    const influence = networks.map(({ measuredMs }, i) =>
      seen.reduce((sum, { sample, shares }) => sum + (shares[i] ?? 0) * (measuredMs - sample.meanMs), 0),
    );
    return {
      block,
      meanMs: seen.reduce((sum, { sample }) => sum + sample.meanMs, 0) / seen.length,
      standardErrorMs: Math.hypot(...influence) / seen.length,
      placements: seen.length,
    };
  });
}

function summary(networks: readonly MeasuredNetwork[], shares: Float64Array): SampleSummary | null {
  const seen = networks
    .map(({ encoding, measuredMs }, i) => ({ encoding, ms: measuredMs, share: shares[i] ?? 0 }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => a.ms - b.ms);
  const [first] = seen;
  const last = seen.at(-1);
  if (first === undefined || last === undefined) return null;
  const meanMs = seen.reduce((sum, { ms, share }) => sum + share * ms, 0);
  const squares = seen.reduce((sum, { share }) => sum + share * share, 0);
  const spread = seen.reduce((sum, { ms, share }) => sum + share * (ms - meanMs) ** 2, 0);
  const deviationMs = squares < 1 ? Math.sqrt(spread / (1 - squares)) : NaN;
  return {
    networks: 1 / squares,
    meanMs,
    standardErrorMs: deviationMs * Math.sqrt(squares),
    deviationMs,
    percentilesMs: {
      p1: weightedQuantile(seen, 0.01),
      p5: weightedQuantile(seen, 0.05),
      p95: weightedQuantile(seen, 0.95),
      p99: weightedQuantile(seen, 0.99),
    },
    minMs: first.ms,
    maxMs: last.ms,
    minAt: encodingKey(first.encoding),
    maxAt: encodingKey(last.encoding),
  };
}

/** The least time below or at which lies this share of the weight; `sorted` ascends. */
function weightedQuantile(
  sorted: readonly { readonly ms: number; readonly share: number; readonly encoding: Encoding }[],
  probability: number,
): number {
  let reached = 0;
  return sorted.find(({ share }) => (reached += share) >= probability - 1e-12)?.ms ?? NaN;
}
