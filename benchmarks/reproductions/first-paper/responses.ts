import type { LatencyTable } from '@espalier/nas/profile';
import {
  absentChoice,
  blockResponses,
  choiceMeasure,
  expectedSum,
  placementEffects,
  positionsOf,
  sampleByChoices,
  type ChoiceMeasure,
  type Encoding,
  type PlacementEffect,
  type SearchSpace,
} from '@espalier/nas/space';
import { createRandom, mean } from '@espalier/nas/stats';
import type { Figure } from '../../science/figure.js';
import { plain } from './comparison.js';

/** Equations 1 and 2 of Mills et al. 2021 for one metric. */
export interface Responses {
  readonly overall: number;
  /** By block name. */
  readonly blocks: ReadonlyMap<string, number>;
  readonly placements: readonly PlacementEffect[];
}

/** Of a latency that is a sum over layers, exactly; milliseconds. */
export function latencyResponses(space: SearchSpace, { layers, fixedMs }: LatencyTable): Responses {
  return responsesOf(space, (measure) => expectedSum(measure, layers, fixedMs));
}

/** Of any metric, from `samples` networks a placement: the same random numbers for each, so that differences are less noisy. */
export function sampledResponses(
  space: SearchSpace,
  metric: (encoding: Encoding) => number,
  samples: number,
): Responses {
  return responsesOf(space, (measure) => {
    const random = createRandom(7);
    let sum = 0;
    for (let sample = 0; sample < samples; sample++) sum += metric(sampleByChoices(measure, random));
    return sum / samples;
  });
}

function responsesOf(space: SearchSpace, expectationOf: (measure: ChoiceMeasure) => number): Responses {
  const placements = placementEffects(space, expectationOf);
  return { overall: expectationOf(choiceMeasure(space)), blocks: blockResponses(placements), placements };
}

/** Block responses; and by unit how far apart the effects of a layer's blocks lie, and what its last optional layer does. */
export function blockFigures(
  name: string,
  space: SearchSpace,
  { overall, blocks, placements }: Responses,
  unit: string,
): Figure[] {
  const effectsAt = (position: number): number[] =>
    placements.flatMap(({ held, effect }) => (held[0]?.position === position ? [effect] : []));
  const units = space.stages.flatMap((stage, at) => {
    const layers = positionsOf(space).filter((position) => position.stage === at);
    const last = layers.findLast((position) => absentChoice(position) >= 0);
    const spreads = layers.map(({ index }) => Math.max(...effectsAt(index)) - Math.min(...effectsAt(index)));
    return [
      plain(`${name}/placement/${stage.name}/spread`, mean(spreads), unit),
      plain(`${name}/placement/${stage.name}/last-layer`, mean(effectsAt(last?.index ?? -1)), unit),
    ];
  });
  return [
    plain(`${name}/response/any`, overall, unit),
    ...[...blocks].map(([block, value]) => plain(`${name}/response/${block}`, value, unit)),
    ...units,
  ];
}
