import {
  absentChoice,
  choiceMeasure,
  expectedSum,
  keepAll,
  keptSize,
  positionsOf,
  type Position,
  type SearchSpace,
} from '../space/index.js';
import { mean } from '../stats/index.js';
import { explained, figure, type Decision } from './decision.js';
import { cappedUnits, type DepthEffect } from './depth-rule.js';
import { needed, type Evidence } from './evidence.js';
import { knownEffects } from './known-effects.js';
import { mutationProbabilities } from './mutation-weights.js';
import { effectOutliers, isFlat, type BlockResponse, type Outlier } from './outlier-rules.js';
import { assertPerChoice, competes, PruningError, type PerChoice } from './rule.js';
import type { EffectOutliersSettings } from './settings.js';

/**
 * Mills et al. 2021: blocks that are outliers in what networks with them come to go from every layer (`effectOutliers`), units
 * whose last layer is dear for its accuracy lose it (`cappedUnits`), and units are told how often to mutate. Blocks are the same
 * where they have the same name. Latency responses are exact expectations over the profile's table, plus what the evaluated
 * networks take beyond their blocks; accuracy responses are shrunken effects. A layer of which all blocks would go keeps the
 * most accurate. Needs LATENCY and EVALUATIONS.
 */
export function decideByEffectOutliers(
  space: SearchSpace,
  { depthFactor = 1.5 }: EffectOutliersSettings,
  evidence: Evidence,
): Decision {
  if (!(depthFactor > 0))
    throw new PruningError(
      'PRUNING_INVALID_SETTINGS',
      `depthFactor must be positive, got ${String(depthFactor)}`,
    );
  const effects = placementsOf(space, evidence);
  const blocks = blockResponsesOf(space, effects);
  const responses = [...blocks.values()];
  const outliers = new Map(
    [...blocks.keys()].map((name, at) => [name, effectOutliers(responses)[at] ?? null]),
  );
  const units = space.stages.map((_, stage) => lastOptionalLayer(space, stage));
  const capped = cappedUnits(
    units.map((layer) => (layer === null ? null : depthEffect(layer, effects))),
    { factor: depthFactor, isFlatDevice: isFlat(responses) },
  );
  const cappedLayers = new Set(
    units.flatMap((layer, unit) => (layer !== null && capped[unit] === true ? [layer.index] : [])),
  );
  const kept = positionsOf(space).map((position) => {
    if (cappedLayers.has(position.index)) return [absentChoice(position)];
    const staying = position.choices.flatMap((choice, i) =>
      competes(choice) && outliers.get(choice.name) != null ? [] : [i],
    );
    const isEmptied = !staying.some((i) => isRival(position, i)) && position.choices.some(competes);
    return isEmptied ? [...staying, mostAccurate(position, blocks)].sort((a, b) => a - b) : staying;
  });
  const names = [...blocks.keys()];
  const gone = names.filter((name) => outliers.get(name) != null);
  const cappedNames = space.stages.flatMap(({ name }, unit) => (capped[unit] === true ? [name] : []));
  const found = {
    kept,
    scores: null,
    order: null,
    explanation: `Removed everywhere: ${gone.length === 0 ? 'no block' : gone.join(', ')}, outliers in what networks with them come to; last layer of ${cappedNames.length === 0 ? 'no unit' : cappedNames.join(', ')} removed, dear for its accuracy. Accuracy responses are known to ± ${figure(2 * effects.accuracyError)} points; the rules compare within 0.01 and 0.05.`,
    mutationProbabilities: mutationProbabilities(space, kept, effects.accuracy, effects.latencyMs),
  };
  return explained(space, found, (at, i) => {
    const position = positionsOf(space)[at];
    const name = position?.choices[i]?.name ?? '';
    const { accuracy = NaN, latency = NaN } = blocks.get(name) ?? {};
    const seen = `networks with it reach ${accuracy.toFixed(2)} % in ${figure(latency)} ms`;
    if (cappedLayers.has(at)) return `${seen}; the unit's last layer costs too much for its accuracy`;
    const outlier = outliers.get(name) ?? null;
    if (outlier === null) return seen;
    return kept[at]?.includes(i) === true
      ? `${seen}; the most accurate of a layer of outliers`
      : `${seen}; ${why(outlier, names)}`;
  });
}

/** Effects of every choice at its place: points of accuracy, milliseconds; and the responses' base. */
interface Placements {
  readonly accuracy: PerChoice;
  readonly latencyMs: PerChoice;
  readonly meanAccuracy: number;
  readonly meanLatencyMs: number;
  /** Standard error of a block's accuracy response, the largest. */
  readonly accuracyError: number;
}

function placementsOf(space: SearchSpace, evidence: Evidence): Placements {
  const table = needed(evidence.latencyMs, 'LATENCY', 'EFFECT_OUTLIERS');
  const evaluated = needed(evidence.evaluated, 'EVALUATIONS', 'EFFECT_OUTLIERS');
  assertPerChoice(space, table, 'latency', true);
  const { effect, standardError } = knownEffects(space, evidence, 'EFFECT_OUTLIERS');
  const beyond = mean(
    evaluated.map(({ encoding, latencyMs }) =>
      encoding.reduce((rest, choice, at) => rest - (table[at]?.[choice] ?? 0), latencyMs),
    ),
  );
  const expected = expectedSum(choiceMeasure(space), table);
  const rows = positionsOf(space).map(({ index, choices }) =>
    choices.map((_, choice) => {
      const only = keepAll(space).map((all, at) => (at === index ? [choice] : all));
      if (keptSize(space, only) === 0n) return 0;
      const measure = choiceMeasure(space, { held: [{ position: index, choice }] });
      return expectedSum(measure, table) - expected;
    }),
  );
  return {
    accuracy: effect.map((layer) => layer.map((error) => 0 - error)),
    latencyMs: rows,
    meanAccuracy: 100 - mean(evaluated.map(({ error }) => error)),
    meanLatencyMs: expected + (Number.isFinite(beyond) ? beyond : 0),
    accuracyError: largestMeanError(space, standardError),
  };
}

/** By name, in the order in which blocks first stand: equation 1, the mean over the places where a block can stand. */
function blockResponsesOf(space: SearchSpace, effects: Placements): ReadonlyMap<string, BlockResponse> {
  const { accuracy, latencyMs, meanAccuracy, meanLatencyMs } = effects;
  return new Map(
    [...placesByName(space)].map(([name, places]) => [
      name,
      {
        accuracy: meanAccuracy + mean(places.map(([at, i]) => accuracy[at]?.[i] ?? NaN)),
        latency: meanLatencyMs + mean(places.map(([at, i]) => latencyMs[at]?.[i] ?? NaN)),
      },
    ]),
  );
}

/** Of the mean over a block's places, taking them for independent. */
function largestMeanError(space: SearchSpace, standardError: PerChoice): number {
  const errors = [...placesByName(space).values()].map(
    (places) => Math.hypot(...places.map(([at, i]) => standardError[at]?.[i] ?? NaN)) / places.length,
  );
  return Math.max(...errors);
}

function placesByName(space: SearchSpace): ReadonlyMap<string, readonly (readonly [number, number])[]> {
  const places = new Map<string, (readonly [number, number])[]>();
  for (const { index, choices } of positionsOf(space))
    choices.forEach((choice, i) => {
      if (competes(choice)) places.set(choice.name, [...(places.get(choice.name) ?? []), [index, i]]);
    });
  return places;
}

function lastOptionalLayer(space: SearchSpace, stage: number): Position | null {
  return (
    positionsOf(space).findLast(
      (each) => each.kind === 'layer' && each.stage === stage && absentChoice(each) >= 0,
    ) ?? null
  );
}

function depthEffect(layer: Position, { accuracy, latencyMs }: Placements): DepthEffect {
  const blocks = layer.choices.flatMap((choice, i) => (competes(choice) ? [i] : []));
  const average = (table: PerChoice): number => mean(blocks.map((i) => table[layer.index]?.[i] ?? NaN));
  return { latency: average(latencyMs), accuracy: average(accuracy) };
}

function isRival(position: Position, i: number): boolean {
  const choice = position.choices[i];
  return choice !== undefined && competes(choice);
}

function mostAccurate(position: Position, blocks: ReadonlyMap<string, BlockResponse>): number {
  const accuracyAt = (i: number): number =>
    blocks.get(position.choices[i]?.name ?? '')?.accuracy ?? -Infinity;
  return position.choices.reduce((best, _, i) => (accuracyAt(i) > accuracyAt(best) ? i : best), 0);
}

function why({ rule, against }: Outlier, names: readonly string[]): string {
  const other = names[against ?? -1] ?? '';
  switch (rule) {
    case 'R1':
      return `R1: more than 4 % slower than ${other}, which is as accurate within 0.05 points`;
    case 'R2':
      return `R2: ${other} is faster and more accurate`;
    case 'R3':
      return 'R3: of the least accurate third, on a device where blocks take alike';
  }
}
