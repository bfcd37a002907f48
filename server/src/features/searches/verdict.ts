import type { ComparisonGroupResult, ComparisonResult } from './entities.js';

/** From here on a search is judged by where it ends, evaluations. */
const LATE = 1000;
/** Until here by how it starts. */
const EARLY = 250;
/** An early lead smaller than this, as a ratio, is chance. */
const LEAD = 0.1;

/**
 * The finding in sentences, the best news first and what does not hold after it. Only medians are compared; the bands
 * beside them show the spread.
 */
export function verdict({
  groups,
  checkpoints,
  baseline,
  targetIgdPlus,
  targetEvaluations,
}: Omit<ComparisonResult, 'verdict'>): string[] {
  const base = groups.find((group) => group.label === baseline);
  if (!base || targetIgdPlus === null) return ['No baseline was named: the curves stand side by side.'];
  const others = groups.filter((group) => group !== base);
  const sentences: string[] = [];
  const faster = others
    .filter((group) => group.speedup !== null && group.speedup > 1)
    .sort((a, b) => (b.speedup ?? 0) - (a.speedup ?? 0));
  for (const group of faster)
    sentences.push(
      `${capital(group.label)} reaches what ${base.label} has after ${targetEvaluations} evaluations (IGD⁺ ${digits(targetIgdPlus)}) with ${times(group.speedup)} fewer: ${group.evaluationsToTarget}.`,
    );
  const never = others.filter((group) => group.evaluationsToTarget === null);
  if (never.length > 0)
    sentences.push(
      `${capital(list(never.map((g) => g.label)))} ${never.length === 1 ? 'does' : 'do'} not reach it in half of the seeds.`,
    );
  const late = checkpoints
    .map((c, i) => [c, i] as const)
    .filter(([c]) => c >= LATE)
    .map(([, i]) => i);
  const worseLate = others.filter((group) => late.length > 0 && late.every((i) => worse(group, base, i)));
  if (worseLate.length > 0)
    sentences.push(
      `From ${LATE} evaluations on, ${list(worseLate.map((g) => g.label))} ${worseLate.length === 1 ? 'is' : 'are'} worse than ${base.label}.`,
    );
  const early = checkpoints
    .map((c, i) => [c, i] as const)
    .filter(([c]) => c <= EARLY)
    .map(([, i]) => i);
  const hare = worseLate.filter((group) => early.some((i) => leads(group, base, i)));
  if (hare.length > 0)
    sentences.push(
      `${capital(list(hare.map((g) => g.label)))} ${hare.length === 1 ? 'starts' : 'start'} faster and ${hare.length === 1 ? 'ends' : 'end'} worse.`,
    );
  const flattered = others.filter((group) =>
    late.some((i) => worse(group, base, i) && below(group.gd.median[i], base.gd.median[i])),
  );
  if (flattered.length > 0)
    sentences.push(
      `By GD alone ${list(flattered.map((g) => g.label))} would look better than ${base.label}: GD flatters a narrow space that stays near a part of the front and misses the rest.`,
    );
  return sentences;
}

/** True when `a` has the larger median IGD⁺ at the checkpoint. */
const worse = (a: ComparisonGroupResult, b: ComparisonGroupResult, i: number): boolean =>
  below(b.igdPlus.median[i], a.igdPlus.median[i]);

/** True when `a` is ahead of `b` by a margin that counts. */
const leads = (a: ComparisonGroupResult, b: ComparisonGroupResult, i: number): boolean =>
  below(a.igdPlus.median[i], (b.igdPlus.median[i] ?? 0) * (1 - LEAD));

const below = (a: number | null | undefined, b: number | null | undefined): boolean =>
  a != null && b != null && a < b;

const digits = (value: number): string => value.toPrecision(2);
const times = (value: number | null): string => `${(value ?? 0).toFixed(1)}×`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
