import { positionsOf, type SearchSpace } from '../space/index.js';
import { createRandom, mean, spearman } from '../stats/index.js';
import { pruneByBlockEffect } from './block-effect.js';
import { figure } from './decision.js';
import { effectPosterior } from './effect-posterior.js';
import { needed, type Evidence } from './evidence.js';
import { competes, type PerChoice } from './rule.js';

export interface TrustSettings {
  /** Of BLOCK_EFFECT. */
  readonly ratio: number;
  /** What `rankAgreement` has to come to; 0.8 when absent. */
  readonly least?: number;
  /** Draws of what effects may be; 48 when absent. */
  readonly draws?: number;
  readonly seed?: number;
}

/** Whether effects are known well enough to prune by. */
export interface RankingTrust {
  readonly evaluations: number;
  /** Expected Spearman ρ between estimated and true effects, mean over layers. */
  readonly rankAgreement: number;
  /** Expected share of what BLOCK_EFFECT keeps that it would also keep if it knew the true effects. */
  readonly keptAgreement: number;
  readonly isTrustworthy: boolean;
  /** About how many evaluations in all make it so; null when 64 times as many would not. */
  readonly enough: number | null;
  readonly words: string;
}

/**
 * How far BLOCK_EFFECT's ranking can be trusted, and about how many random networks it takes: effects are drawn as they may
 * really be given the networks seen, and as more networks of the same kind would leave them. How much effects vary is itself
 * estimated, so at least as many networks as there are choices are asked for. Expectations are as good as the additive model: with
 * 135 networks of the Fashion spaces the real agreement was 0.88–0.91 where 0.89–0.92 was expected (mobile), and 0.70–0.78 where
 * 0.85–0.89 was (blox). Needs LATENCY and EVALUATIONS; errors as `prune`.
 */
export function rankingTrust(space: SearchSpace, evidence: Evidence, settings: TrustSettings): RankingTrust {
  const { ratio, least = 0.8, draws = 48, seed = 0 } = settings;
  const latencyMs = needed(evidence.latencyMs, 'LATENCY', 'BLOCK_EFFECT');
  const evaluated = needed(evidence.evaluated, 'EVALUATIONS', 'BLOCK_EFFECT');
  const posterior = effectPosterior(space, evaluated);
  const agreementAfter = (factor: number): { readonly rank: number; readonly kept: number } => {
    const random = createRandom(seed);
    const pairs = Array.from({ length: draws }, () => posterior.drawAfter(factor, random));
    return {
      rank: mean(pairs.map(({ estimate, truth }) => rankAgreement(space, estimate, truth))),
      kept: mean(
        pairs.map(({ estimate, truth }) =>
          sharedPart(
            pruneByBlockEffect(space, estimate, latencyMs, ratio).kept,
            pruneByBlockEffect(space, truth, latencyMs, ratio).kept,
          ),
        ),
      ),
    };
  };
  const now = agreementAfter(1);
  const choices = positionsOf(space).reduce((sum, each) => sum + each.choices.filter(competes).length, 0);
  const isTrustworthy = now.rank >= least && evaluated.length >= choices;
  const factor = now.rank >= least ? 1 : FACTORS.find((each) => agreementAfter(each).rank >= least);
  const enough = factor === undefined ? null : Math.max(choices, Math.ceil(factor * evaluated.length));
  const found = `From ${String(evaluated.length)} networks the order of the choices in a layer is expected to agree with the true one by ρ = ${figure(now.rank)}, and ${String(Math.round(100 * now.kept))} % of what is kept would be kept with certainty`;
  const verdict = isTrustworthy
    ? 'enough to prune by.'
    : enough === null
      ? 'too little to prune by, and more networks of this kind will hardly help.'
      : `too little to prune by: about ${String(enough)} networks should do.`;
  return {
    evaluations: evaluated.length,
    rankAgreement: now.rank,
    keptAgreement: now.kept,
    isTrustworthy,
    enough,
    words: `${found}: ${verdict}`,
  };
}

const FACTORS = [1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** Over layers with a choice; 1 when there is none to rank. */
function rankAgreement(space: SearchSpace, estimate: PerChoice, truth: PerChoice): number {
  const layers = positionsOf(space).filter(({ choices }) => choices.length > 1);
  if (layers.length === 0) return 1;
  return mean(
    layers.map(({ index }) => {
      const rho = spearman(estimate[index] ?? [], truth[index] ?? []);
      // Where all effects are equal no order is wrong, and none is known.
      return Number.isNaN(rho) ? 0 : rho;
    }),
  );
}

function sharedPart(kept: readonly (readonly number[])[], other: readonly (readonly number[])[]): number {
  return mean(
    kept.map(
      (layer, at) => layer.filter((i) => other[at]?.includes(i) === true).length / Math.max(layer.length, 1),
    ),
  );
}
