import { markdownTable } from './markdown-table.js';
import type { ColumnResult, TableResult } from './study.js';
import { tableName } from './study.js';
import { RATIOS, RULES } from './treatments.js';

/** How many evolutions of the unpruned search come to what 200 in the pruned space come to. */
export function worthSection(results: readonly TableResult[]): string {
  const rows = results.map((result) => [
    tableName(result),
    ...RULES.map((rule) =>
      RATIOS.map((ratio) => {
        const pruned = result.treatments.find((each) => each.rule === rule && each.ratio === ratio);
        const unpruned = result.treatments.find((each) => each.rule === null);
        const reached = pruned?.columns.find(({ evolutions }) => evolutions === 200);
        return worth(reached?.igdPlus.mean ?? NaN, unpruned?.columns ?? []);
      }).join(' · '),
    ),
  ]);
  return [
    '### What 200 evolutions in the pruned space are worth',
    'How many evolutions without pruning have the same mean IGD⁺, interpolated between the columns (logarithms of both), at 50 · 70 · 90 %. The paper’s claim is 2000.',
    markdownTable(['', ...RULES], rows),
  ].join('\n\n');
}

/** Rounded to two digits; `< 10` and `> 3000` where the columns end. */
function worth(reached: number, unpruned: readonly ColumnResult[]): string {
  const [first, last] = [unpruned[0], unpruned.at(-1)];
  if (first === undefined || last === undefined) return '–';
  if (reached > first.igdPlus.mean) return `< ${String(first.evolutions)}`;
  const at = unpruned.findIndex(({ igdPlus }) => igdPlus.mean <= reached);
  const [before, after] = [unpruned[at - 1], unpruned[at]];
  if (after === undefined) return `> ${String(last.evolutions)}`;
  if (before === undefined || after.igdPlus.mean <= 0) return String(after.evolutions);
  const share = Math.log(before.igdPlus.mean / reached) / Math.log(before.igdPlus.mean / after.igdPlus.mean);
  return String(Number((before.evolutions * (after.evolutions / before.evolutions) ** share).toPrecision(2)));
}
