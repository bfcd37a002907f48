import { mean, spearman } from '@espalier/nas/stats';

/** Errors of predictions of what was not fitted, in the targets' unit. */
export interface ValidationError {
  /** How many were predicted. */
  readonly networks: number;
  readonly mae: number;
  readonly rmse: number;
  /** Rank correlation of predicted and true values. */
  readonly spearman: number;
  /** Mean of predicted − true. */
  readonly bias: number;
}

/** What is fitted and what is predicted, as indices. */
export interface Split {
  readonly fitted: readonly number[];
  readonly predicted: readonly number[];
}

/** Each of `order` is predicted once, in `count` folds of equal size (±1). */
export function foldsOf(order: readonly number[], count: number): readonly Split[] {
  return Array.from({ length: count }, (_, fold) => ({
    fitted: order.filter((_each, at) => at % count !== fold),
    predicted: order.filter((_each, at) => at % count === fold),
  }));
}

/** Pools the predictions of all splits. `predict` gives them in the order of `predicted`. */
export function validate(
  splits: readonly Split[],
  targets: readonly number[],
  predict: (split: Split) => readonly number[],
): ValidationError {
  const pairs = splits.flatMap((split) => {
    const values = predict(split);
    return split.predicted.map((at, i) => ({ truth: targets[at] ?? NaN, value: values[i] ?? NaN }));
  });
  const errors = pairs.map(({ truth, value }) => value - truth);
  return {
    networks: pairs.length,
    mae: mean(errors.map(Math.abs)),
    rmse: Math.sqrt(mean(errors.map((error) => error * error))),
    spearman: spearman(
      pairs.map(({ value }) => value),
      pairs.map(({ truth }) => truth),
    ),
    bias: mean(errors),
  };
}
