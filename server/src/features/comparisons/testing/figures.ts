import { emptyBand } from '../bands.js';
import type { Arrival, Band, ComparisonGroupResult, StoredTest } from '../entities.js';
import type { Figures } from '../verdict.js';

/** The second paper's columns. */
export const checkpoints = [10, 100, 250, 500, 1000, 2000, 3000];

type Values = readonly (number | null)[];

interface GroupFigures {
  readonly igdPlus: Values;
  readonly gd?: Values;
  /** Median evaluations to the target with the speed-up's interval; null when it is not reached. */
  readonly arrives?: { readonly after: number; readonly low: number; readonly high: number | null } | null;
  /** How the group's IGD⁺ stands to the baseline's at each column: `+` larger, `-` smaller, `.` open. */
  readonly igdTests?: string;
  readonly gdTests?: string;
  readonly seeds?: number;
}

/** A group of a comparison with given medians and given outcomes of the tests. */
export function group(
  label: string,
  { igdPlus, gd = igdPlus, arrives, igdTests = '', gdTests = '', seeds = 30 }: GroupFigures,
): ComparisonGroupResult {
  const nothing = emptyBand(checkpoints.length);
  const arrival: Arrival = {
    indicator: 'IGD_PLUS',
    evaluations: arrives?.after ?? null,
    interval: arrives ? { low: arrives.after * 0.9, high: arrives.after * 1.2 } : { low: null, high: null },
    seeds: arrives ? seeds : 0,
    speedup: arrives ? 2000 / arrives.after : null,
    speedupInterval: arrives ? { low: arrives.low, high: arrives.high } : null,
  };
  return {
    label,
    runIds: Array.from({ length: seeds }, (_, i) => `${label} ${String(i)}`),
    rule: null,
    ratio: null,
    samplers: ['REGULARIZED_EVOLUTION'],
    spaceSize: '1',
    gd: bandOf(gd),
    gdPlus: nothing,
    igd: nothing,
    igdPlus: bandOf(igdPlus),
    hypervolumeRatio: nothing,
    epsilon: nothing,
    arrivals: arrives === undefined ? [] : [arrival],
    tests: [...testsOf('IGD_PLUS', igdTests), ...testsOf('GD', gdTests)],
    attainment: { best: [], median: [], worst: [] },
    frontier: [],
  };
}

/** Figures of a comparison of these groups. */
export const figuresOf = (groups: ComparisonGroupResult[], baseline: string | null): Figures => ({
  groups,
  checkpoints,
  reference: 'The true front.',
  referenceFront: [],
  range: null,
  baseline,
  targetIgdPlus: baseline ? 0.038 : null,
  targetGd: baseline ? 0.02 : null,
  targetEvaluations: 2000,
  attainmentEvaluations: 3000,
});

function bandOf(values: Values): Band {
  const median = [...values];
  return {
    median,
    low: median,
    high: median,
    mean: median,
    standardDeviation: values.map((v) => v && v / 10),
  };
}

function testsOf(indicator: StoredTest['indicator'], outcomes: string): StoredTest[] {
  return [...outcomes].map((outcome, i) => ({
    indicator,
    evaluations: checkpoints[i] ?? 0,
    pValue: outcome === '.' ? 0.1 : 0.0004,
    adjustedPValue: outcome === '.' ? 0.2 : 0.0008,
    cliffsDelta: outcome === '+' ? 0.9 : outcome === '-' ? -0.9 : 0.1,
    magnitude: outcome === '.' ? 'NEGLIGIBLE' : 'LARGE',
  }));
}
