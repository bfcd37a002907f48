import { markdownTable } from './markdown-table.js';
import { figure } from './report-tables.js';
import { tableName, type TableResult } from './study.js';

/** Where GD and IGD⁺ order the treatments differently, and whom GD flatters most. */
export function rankingSection(results: readonly TableResult[]): string {
  const rows = results.map((result) => {
    const { ranking, treatments } = result;
    const flattered = ranking.ranks.reduce((most, each) =>
      each.igdPlus - each.gd > most.igdPlus - most.gd ? each : most,
    );
    const at = ranking.ranks.indexOf(flattered);
    const last = treatments[at]?.columns.at(-1);
    return [
      tableName(result),
      ranking.spearman.toFixed(2),
      flattered.treatment,
      `${String(flattered.gd)} → ${String(flattered.igdPlus)}`,
      figure(last?.gd.mean),
      figure(last?.igdPlus.mean),
      figure(treatments[0]?.columns.at(-1)?.igdPlus.mean),
    ];
  });
  const count = results[0]?.treatments.length ?? 0;
  return [
    '## Whom GD flatters',
    `The ${String(count)} treatments ranked after 3000 evolutions by mean GD and by mean IGD⁺ (1 is best, equals share a rank): the agreement of both rankings, and the treatment that falls furthest from the one to the other. GD asks how near what was found lies to the front; that a space has lost most of the front does not count.`,
    markdownTable(
      ['', 'Spearman', 'flattered most', 'rank by GD → by IGD⁺', 'its GD', 'its IGD⁺', 'IGD⁺ unpruned'],
      rows,
    ),
  ].join('\n\n');
}
