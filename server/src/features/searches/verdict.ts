import type { ComparisonGroupResult, ComparisonResult } from './entities.js';

/** From here on a search is judged by where it ends, evaluations. */
const LATE = 1000;
/** Until here by how it starts. */
const EARLY = 250;
/** An early lead smaller than this, as a ratio, is chance. */
const LEAD = 0.1;
/** A difference of medians smaller than this, as a ratio, is none. */
const TIE = 0.01;

type Figures = Omit<ComparisonResult, 'verdict'>;

/**
 * The finding in sentences, the best news first and what does not hold after it. Only medians are compared; the bands
 * beside them show the spread. Every group but the baseline is in at least one sentence.
 */
export function verdict(figures: Figures): string[] {
  const base = figures.groups.find((group) => group.label === figures.baseline);
  if (!base || figures.targetIgdPlus === null) return [standings(figures)];
  const others = figures.groups.filter((group) => group !== base);
  return [
    ...arrivals(others, base, figures),
    ...endings(others, base, figures.checkpoints),
    ...flattery(others, base, figures.checkpoints),
  ];
}

function standings({ groups, checkpoints }: Figures): string {
  const at = checkpoints.findLastIndex((_, i) => groups.every((group) => group.igdPlus.median[i] != null));
  if (at < 0) return 'No baseline was named, and there is no number of evaluations that all groups reached.';
  const placed = groups
    .map((group) => ({ label: group.label, igdPlus: group.igdPlus.median[at] ?? 0 }))
    .sort((a, b) => a.igdPlus - b.igdPlus)
    .map(({ label, igdPlus }) => `${label} (${digits(igdPlus)})`);
  return `No baseline was named. By IGD⁺ at ${checkpoints[at]} evaluations, nearest to the front first: ${list(placed)}.`;
}

/** Who reaches what the baseline has at the target, and after how many evaluations. */
function arrivals(
  others: readonly ComparisonGroupResult[],
  base: ComparisonGroupResult,
  { targetEvaluations, targetIgdPlus }: Figures,
): string[] {
  const goal = `what ${base.label} has after ${targetEvaluations} (IGD⁺ ${digits(targetIgdPlus)})`;
  const reaching = others
    .flatMap((group) => (group.speedup === null ? [] : [{ group, speedup: group.speedup }]))
    .sort((a, b) => b.speedup - a.speedup);
  const sentences = reaching.map(({ group, speedup }) =>
    speedup > 1 + TIE
      ? `${capital(group.label)} reaches ${goal} with ${group.evaluationsToTarget} evaluations, ${speedup.toFixed(1)}× fewer than ${base.label} itself; those spent on pruning count.`
      : `${capital(group.label)} reaches ${goal} no sooner: with ${group.evaluationsToTarget} evaluations, ${base.label} itself with ${base.evaluationsToTarget}.`,
  );
  const never = others.filter((group) => group.evaluationsToTarget === null);
  if (never.length > 0)
    sentences.push(
      `${capital(labels(never))} ${plural(never, 'does', 'do')} not reach ${goal} in half of the seeds.`,
    );
  return sentences;
}

/** Who ends worse than the baseline, from when on, and whether they had started faster. */
function endings(
  others: readonly ComparisonGroupResult[],
  base: ComparisonGroupResult,
  checkpoints: readonly number[],
): string[] {
  const end = checkpoints.length - 1;
  if ((checkpoints[end] ?? 0) < LATE) return [];
  const early = checkpoints.flatMap((evaluations, i) => (evaluations <= EARLY ? [i] : []));
  const startsFaster = (group: ComparisonGroupResult): boolean => early.some((i) => leads(group, base, i));
  const since = new Map<number, ComparisonGroupResult[]>();
  for (const group of others) {
    if (!worse(group, base, end)) continue;
    const firstLate = checkpoints.findIndex((evaluations) => evaluations >= LATE);
    const lastNotWorse = checkpoints.findLastIndex((_, i) => !worse(group, base, i));
    const from = Math.max(firstLate, lastNotWorse + 1);
    since.set(from, [...(since.get(from) ?? []), group]);
  }
  return [...since]
    .sort(([a], [b]) => a - b)
    .flatMap(([from, groups]) => {
      const hares = groups.filter(startsFaster);
      return [
        `From ${checkpoints[from]} evaluations on, ${labels(groups)} ${plural(groups, 'is', 'are')} worse than ${base.label} (IGD⁺ ${list(groups.map((g) => digits(g.igdPlus.median[end])))} against ${digits(base.igdPlus.median[end])} at ${checkpoints[end]}).`,
        ...(hares.length > 0
          ? [
              `${capital(labels(hares))} ${plural(hares, 'starts', 'start')} faster and ${plural(hares, 'ends', 'end')} worse.`,
            ]
          : []),
      ];
    });
}

/** Where GD and IGD⁺ disagree. */
function flattery(
  others: readonly ComparisonGroupResult[],
  base: ComparisonGroupResult,
  checkpoints: readonly number[],
): string[] {
  const judged = Math.min(LATE, checkpoints.at(-1) ?? LATE);
  const flattered = others.filter((group) =>
    checkpoints.some(
      (evaluations, i) =>
        evaluations >= judged &&
        worse(group, base, i) &&
        clearlyBelow(group.gd.median[i], base.gd.median[i], TIE),
    ),
  );
  if (flattered.length === 0) return [];
  return [
    `By GD alone ${labels(flattered)} would look better than ${base.label}: GD flatters a narrow space that stays near a part of the front and misses the rest.`,
  ];
}

/** True when `a` has the larger median IGD⁺ at the checkpoint. */
const worse = (a: ComparisonGroupResult, b: ComparisonGroupResult, i: number): boolean =>
  clearlyBelow(b.igdPlus.median[i], a.igdPlus.median[i], TIE);

/** True when `a` is ahead of `b` by a margin that counts. */
const leads = (a: ComparisonGroupResult, b: ComparisonGroupResult, i: number): boolean =>
  clearlyBelow(a.igdPlus.median[i], b.igdPlus.median[i], LEAD);

/** True when `a` is below `b` by more than `margin` of it. */
const clearlyBelow = (a: number | null | undefined, b: number | null | undefined, margin: number): boolean =>
  a != null && b != null && a < b * (1 - margin);

const digits = (value: number | null | undefined): string => (value == null ? '–' : value.toPrecision(2));
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const labels = (groups: readonly ComparisonGroupResult[]): string => list(groups.map((group) => group.label));
const plural = (groups: readonly unknown[], one: string, many: string): string =>
  groups.length === 1 ? one : many;
const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
