import { createRandom, mean, shuffled, standardDeviation } from '../../stats/index.js';
import { costColumns, featuresOf } from './features.js';
import { fitForest, predictForest, type Forest } from './forest.js';
import type { Kernel, KernelFamily } from './kernel.js';
import { predictNeighbours, type Neighbours } from './neighbours.js';
import { dot, fitNonNegative } from './roofline.js';
import { fitSmooth, predictSmooth, type Smooth } from './smooth.js';

/** A kernel with the time that it takes in a network, milliseconds. */
export interface TimedKernel {
  readonly kernel: Kernel;
  readonly ms: number;
}

/**
 * What a family's times are predicted with: a linear model of what is computed and moved, which holds beyond what was measured, times
 * what the measured kernels showed against it. nn-Meter's forest of the time itself is `forest`.
 */
export interface Regressor {
  readonly family: KernelFamily;
  readonly kind: RegressorKind;
  /** Coefficients of `costColumns`, milliseconds each. */
  readonly roofline: readonly number[];
  /** Mean and spread of the logarithm of each feature. */
  readonly centre: readonly number[];
  readonly spread: readonly number[];
  /** Least and largest value of each feature among the measured kernels. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Of log(time / roofline); of log(time) for `forest`; null for `linear`. */
  readonly model: Forest | Neighbours | Smooth | null;
  readonly rows: number;
  /** Root mean squared relative error of each kind in cross-validation, a ratio; empty where there were too few rows. */
  readonly errors: Partial<Readonly<Record<RegressorKind, number>>>;
}

export const REGRESSOR_KINDS = ['linear', 'ratio-forest', 'forest', 'neighbours', 'smooth'] as const;
export type RegressorKind = (typeof REGRESSOR_KINDS)[number];

/** Below this many rows cross-validation says little: the linear model alone. */
const FEWEST_ROWS = 8;
const FOLDS = 5;

/** The kind with the least error in cross-validation, fitted to all rows. RangeError without rows. */
export function fitRegressor(
  family: KernelFamily,
  rows: readonly TimedKernel[],
  kinds: readonly RegressorKind[] = REGRESSOR_KINDS,
): Regressor {
  if (rows.length === 0) throw new RangeError(`no ${family} was measured`);
  if (rows.length < FEWEST_ROWS) return fitKind(family, 'linear', rows, {});
  const errors: Partial<Record<RegressorKind, number>> = {};
  let best: RegressorKind = 'linear';
  for (const kind of kinds) {
    const residuals = crossValidate(family, kind, rows);
    errors[kind] = Math.sqrt(mean(residuals.map((error) => error ** 2)));
    if ((errors[kind] ?? Infinity) < (errors[best] ?? Infinity)) best = kind;
  }
  return fitKind(family, best, rows, errors);
}

/** Relative error of every row, (predicted − measured) / measured, each predicted from the other folds. */
export function crossValidate(
  family: KernelFamily,
  kind: RegressorKind,
  rows: readonly TimedKernel[],
): Float64Array {
  const order = shuffled(
    rows.map((_, at) => at),
    createRandom(1),
  );
  const errors = new Float64Array(rows.length);
  const folds = Math.min(FOLDS, rows.length);
  for (let fold = 0; fold < folds; fold++) {
    const held = order.filter((_, at) => at % folds === fold);
    const rest = order.filter((_, at) => at % folds !== fold).map((at) => rows[at] as TimedKernel);
    if (rest.length === 0) return errors.fill(Infinity);
    const regressor = fitKind(family, kind, rest, {});
    for (const at of held) {
      const { kernel, ms } = rows[at] as TimedKernel;
      errors[at] = predictWith(regressor, kernel) / ms - 1;
    }
  }
  return errors;
}

/** Milliseconds. Features beyond those measured count as the nearest measured, but not in the linear part, which extrapolates. */
export function predictWith(regressor: Regressor, kernel: Kernel): number {
  const { kind, roofline, model } = regressor;
  const base = dot(roofline, costColumns(kernel));
  if (model === null) return base;
  const row = standardised(regressor, kernel);
  if ('roots' in model) {
    const logarithm = predictForest(model, row);
    return kind === 'forest' ? Math.exp(logarithm) : base * Math.exp(logarithm);
  }
  return base * Math.exp('weights' in model ? predictSmooth(model, row) : predictNeighbours(model, row));
}

/** Whether some feature lies outside the measured range by more than a twentieth of it. */
export function isOutside({ family, low, high }: Regressor, kernel: Kernel): boolean {
  return featuresOf(family, kernel).some((value, at) => {
    const [from = value, to = value] = [low[at], high[at]];
    const margin = (to - from) / 20;
    return value < from - margin || value > to + margin;
  });
}

/** A regressor's kind and what cross-validation said of all kinds. */
export type ChosenKind = Pick<Regressor, 'kind' | 'errors'>;

export function fitKind(
  family: KernelFamily,
  kind: RegressorKind,
  rows: readonly TimedKernel[],
  errors: Regressor['errors'],
): Regressor {
  const features = rows.map(({ kernel }) => featuresOf(family, kernel));
  const width = features[0]?.length ?? 0;
  const times = Float64Array.from(rows, ({ ms }) => ms);
  const columns = rows.map(({ kernel }) => costColumns(kernel));
  const roofline = fitNonNegative(joined(columns), columns[0]?.length ?? 0, times);
  const column = (at: number): number[] => features.map((row) => row[at] ?? 0);
  const perFeature = (of: (values: readonly number[]) => number): number[] =>
    Array.from({ length: width }, (_, at) => of(column(at)));
  const logs = (values: readonly number[]): number[] => values.map((value) => Math.log1p(value));
  const scaling = {
    centre: perFeature((values) => mean(logs(values))),
    spread: perFeature((values) => standardDeviation(logs(values)) || 1),
    low: perFeature((values) => Math.min(...values)),
    high: perFeature((values) => Math.max(...values)),
  };
  const known = { family, kind, roofline: [...roofline], ...scaling, rows: rows.length, errors };
  const inputs = joined(rows.map(({ kernel }) => standardised({ family, ...scaling }, kernel)));
  const ratios = times.map((ms, at) => Math.log(ms / dot(roofline, columns[at] ?? [])));
  return { ...known, model: modelOf(kind, inputs, width, kind === 'forest' ? times.map(Math.log) : ratios) };
}

function modelOf(
  kind: RegressorKind,
  rows: Float64Array,
  width: number,
  targets: Float64Array,
): Regressor['model'] {
  switch (kind) {
    case 'linear':
      return null;
    case 'forest':
    case 'ratio-forest': {
      const featuresPerSplit = Math.max(2, Math.ceil((2 * width) / 3));
      return fitForest(rows, width, targets, {
        trees: TREES,
        depth: 50,
        featuresPerSplit,
        leaf: 1,
        seed: 10,
      });
    }
    case 'neighbours':
      return { width, rows: [...rows], targets: [...targets] };
    case 'smooth':
      return fitSmooth(rows, width, targets);
  }
}

const TREES = 100;

/** Logarithms of the features within the measured range, in units of their spread. */
function standardised(
  { family, centre, spread, low, high }: Pick<Regressor, 'family' | 'centre' | 'spread' | 'low' | 'high'>,
  kernel: Kernel,
): Float64Array {
  return featuresOf(family, kernel).map((value, at) => {
    const within = Math.min(Math.max(value, low[at] ?? value), high[at] ?? value);
    return (Math.log1p(within) - (centre[at] ?? 0)) / (spread[at] ?? 1);
  });
}

function joined(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
