import type { ComparisonGroupResult, ComparisonResult } from './entities.js';
import { capital, digits, intervalText, labels, list, plural, probability } from './wording.js';

/** From here on a search is judged by where it ends, evaluations. */
const LATE = 1000;
/** Until here by how it starts. */
const EARLY = 250;
/** Chance that one of the differences that are called is none. */
export const ALPHA = 0.05;

export interface Figures extends Omit<ComparisonResult, 'verdict'> {
  readonly baseline: string | null;
  readonly targetEvaluations: number;
}

/**
 * The finding in sentences, the best news first and what does not hold after it. A speed-up is claimed only where its interval
 * leaves out 1, a difference only where the test says so after Holm's correction; what is open is called so. Every group but the
 * baseline is in at least one sentence.
 */
export function verdict(figures: Figures): string[] {
  const base = figures.groups.find((group) => group.label === figures.baseline);
  if (!base || figures.targetIgdPlus === null) return [standings(figures)];
  const others = figures.groups.filter((group) => group !== base);
  return [
    ...arrivals(others, base, figures),
    ...endings(others, base, figures.checkpoints),
    ...flattery(others, base, figures.checkpoints),
    ...power(others, base),
  ];
}

function standings({ groups, checkpoints }: Figures): string {
  const at = checkpoints.findLastIndex((_, i) => groups.every((group) => group.igdPlus.median[i] != null));
  if (at < 0) return 'No baseline was named, and there is no number of evaluations that all groups reached.';
  const placed = groups
    .map((group) => ({ label: group.label, igdPlus: group.igdPlus.median[at] ?? 0 }))
    .sort((a, b) => a.igdPlus - b.igdPlus)
    .map(({ label, igdPlus }) => `${label} (${digits(igdPlus)})`);
  return `No baseline was named, so nothing is tested. By median IGD⁺ at ${checkpoints[at]} evaluations, nearest to the front first: ${list(placed)}.`;
}

/** Who reaches what the baseline has at the target, and after how many evaluations. */
function arrivals(
  others: readonly ComparisonGroupResult[],
  base: ComparisonGroupResult,
  { targetEvaluations, targetIgdPlus }: Figures,
): string[] {
  const goal = `what ${base.label} has after ${targetEvaluations} (IGD⁺ ${digits(targetIgdPlus)})`;
  const ofBase = arrivalAt(base)?.evaluations;
  const sentences = others
    .flatMap((group) => {
      const { speedup, speedupInterval, evaluations } = arrivalAt(group) ?? {};
      return speedup == null || evaluations == null ? [] : [{ group, speedup, speedupInterval, evaluations }];
    })
    .sort((a, b) => b.speedup - a.speedup)
    .map(({ group, speedup, speedupInterval, evaluations }) => {
      const within = `95 % interval ${intervalText(speedupInterval)}`;
      if ((speedupInterval?.low ?? 0) > 1)
        return `${capital(group.label)} reaches ${goal} with ${evaluations} evaluations, ${speedup.toFixed(1)}× fewer than ${base.label} itself (${within}); those spent on pruning count.`;
      if ((speedupInterval?.high ?? Infinity) < 1)
        return `${capital(group.label)} reaches ${goal} later: with ${evaluations} evaluations, ${base.label} itself with ${ofBase} (speed-up ${speedup.toFixed(1)}×, ${within}).`;
      return `Whether ${group.label} reaches ${goal} sooner is open: with ${evaluations} evaluations, ${base.label} itself with ${ofBase} (speed-up ${speedup.toFixed(1)}×, ${within}).`;
    });
  const never = others.filter((group) => arrivalAt(group)?.evaluations == null);
  if (never.length > 0)
    sentences.push(
      `${capital(labels(never))} ${plural(never, 'does', 'do')} not reach ${goal} in half of the seeds.`,
    );
  return sentences;
}

const arrivalAt = (group: ComparisonGroupResult) =>
  group.arrivals.find(({ indicator }) => indicator === 'IGD_PLUS');

/** Who ends worse or better than the baseline, from when on, whether they had started faster, and where that is open. */
function endings(
  others: readonly ComparisonGroupResult[],
  base: ComparisonGroupResult,
  checkpoints: readonly number[],
): string[] {
  const end = checkpoints.length - 1;
  const last = checkpoints[end] ?? 0;
  if (last < LATE) return [];
  const worse = others.filter((group) => differs(group, 'IGD_PLUS', last) === 'larger');
  const better = others.filter((group) => differs(group, 'IGD_PLUS', last) === 'smaller');
  const open = others.filter((group) => differs(group, 'IGD_PLUS', last) === 'open');
  const since = new Map<number, ComparisonGroupResult[]>();
  for (const group of worse) {
    const firstLate = checkpoints.findIndex((evaluations) => evaluations >= LATE);
    const lastNotWorse = checkpoints.findLastIndex((at) => differs(group, 'IGD_PLUS', at) !== 'larger');
    const from = Math.max(firstLate, lastNotWorse + 1);
    since.set(from, [...(since.get(from) ?? []), group]);
  }
  const figure = (group: ComparisonGroupResult): string => digits(group.igdPlus.median[end]);
  const figures = (groups: readonly ComparisonGroupResult[]): string =>
    `IGD⁺ ${list(groups.map(figure))} against ${figure(base)} at ${last}, ${chanceOf(groups, last)}`;
  return [
    ...(better.length > 0
      ? [
          `At ${last} evaluations ${labels(better)} ${plural(better, 'is', 'are')} nearer to the front than ${base.label} (${figures(better)}).`,
        ]
      : []),
    ...[...since]
      .sort(([a], [b]) => a - b)
      .flatMap(([from, groups]) => {
        const hares = groups.filter((group) => startsFaster(group, checkpoints));
        return [
          `From ${checkpoints[from]} evaluations on, ${labels(groups)} ${plural(groups, 'is', 'are')} worse than ${base.label} (${figures(groups)}).`,
          ...(hares.length > 0
            ? [
                `${capital(labels(hares))} ${plural(hares, 'starts', 'start')} faster and ${plural(hares, 'ends', 'end')} worse.`,
              ]
            : []),
        ];
      }),
    ...(open.length > 0
      ? [
          `At ${last} evaluations ${labels(open)} cannot be told from ${base.label}: the difference may be chance (${figures(open)}).`,
        ]
      : []),
  ];
}

const startsFaster = (group: ComparisonGroupResult, checkpoints: readonly number[]): boolean =>
  checkpoints.some((at) => at <= EARLY && differs(group, 'IGD_PLUS', at) === 'smaller');

const chanceOf = (groups: readonly ComparisonGroupResult[], at: number): string => {
  const values = groups.map((group) => probability(testAt(group, 'IGD_PLUS', at)?.adjustedPValue ?? 1));
  return new Set(values).size === 1
    ? `${values.length > 1 ? 'each ' : ''}p ${values[0] ?? ''}`
    : `p ${list(values)}`;
};

/** Where GD and IGD⁺ disagree. */
function flattery(
  others: readonly ComparisonGroupResult[],
  base: ComparisonGroupResult,
  checkpoints: readonly number[],
): string[] {
  const judged = Math.min(LATE, checkpoints.at(-1) ?? LATE);
  const flattered = others.filter((group) =>
    checkpoints.some(
      (at) =>
        at >= judged && differs(group, 'IGD_PLUS', at) === 'larger' && differs(group, 'GD', at) === 'smaller',
    ),
  );
  if (flattered.length === 0) return [];
  return [
    `By GD alone ${labels(flattered)} would look better than ${base.label}: GD flatters a narrow space that stays near a part of the front and misses the rest.`,
  ];
}

/** Whether so few seeds could show any difference at all. */
function power(others: readonly ComparisonGroupResult[], base: ComparisonGroupResult): string[] {
  const blind = others.filter(
    (group) => leastP(group.runIds.length, base.runIds.length) * others.length > ALPHA,
  );
  if (blind.length === 0) return [];
  return [
    `With ${base.runIds.length} seeds of ${base.label}, ${labels(blind)} ${plural(blind, 'has', 'have')} too few seeds for any difference to be significant at 5 %${others.length > 1 ? `, held against the baseline with ${others.length} groups` : ''}: run more.`,
  ];
}

/** The two-sided p-value of samples that do not overlap: two of all the arrangements. */
function leastP(n: number, m: number): number {
  let arrangements = 1;
  for (let i = 1; i <= n; i++) arrangements *= (m + i) / i;
  return Math.min(1, 2 / arrangements);
}

type Tested = 'GD' | 'IGD_PLUS';

const testAt = (group: ComparisonGroupResult, indicator: Tested, at: number) =>
  group.tests.find((test) => test.indicator === indicator && test.evaluations === at);

/** How the group's values stand to the baseline's, beyond chance. */
function differs(group: ComparisonGroupResult, indicator: Tested, at: number): 'larger' | 'smaller' | 'open' {
  const test = testAt(group, indicator, at);
  if (!test || test.adjustedPValue > ALPHA) return 'open';
  return test.cliffsDelta > 0 ? 'larger' : 'smaller';
}
