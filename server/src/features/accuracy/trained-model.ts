import {
  createFashionEvaluator,
  type FashionEvaluator,
  type FashionSpaceName,
} from '@espalier/benchmarks/fashion';
import type { TrainedModel } from '../spaces/index.js';
import type { AccuracySourceRow } from './entities.js';

const evaluators = new Map<FashionSpaceName, FashionEvaluator>();

/** The trained weights behind a source are the bundled Fashion ones, where its `bundle` names them; others have none. */
export function trainedFashionModel(source: AccuracySourceRow): TrainedModel {
  return async (space, encoding) => {
    if (source.bundle !== space.name || !isFashion(space.name)) return null;
    const evaluator = evaluators.get(space.name) ?? createFashionEvaluator(space.name);
    evaluators.set(space.name, evaluator);
    return evaluator.deployedOnnx(encoding, 1);
  };
}

const isFashion = (name: string): name is FashionSpaceName =>
  name === 'fashion-mobile' || name === 'fashion-blox';
