import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { recordLatencies } from './measuring/latencies.js';
import { measureMeasuring } from './measuring/measuring.js';
import { reproduce } from './reproductions/reproduce.js';
import { printFigures, type Figure } from './science/figure.js';
import { measureProgressive } from './science/progressive.js';
import { measureAdvice } from './science/pruning-advice.js';
import { measureScience } from './science/science.js';
import { measureTransfers } from './science/transfer.js';
import { unpruningTasks } from './science/unpruning-tasks.js';
import { measureServing } from './serving/serving.js';

/**
 * `npm run bench -- science|transfer|advice|measuring|serving [--latency FILE] [--data FOLDER] [--json FILE]`: measures the rows, prints a
 * table, writes the array. FOLDER holds the public tables (docs/guides/public-tables.md); `transfer` is a part of `science`.
 * `progressive`, another part, knows --spaces and --seeds (how many, 30).
 * `advice` says what is advised before a search in the Fashion spaces and what comes true.
 * `measuring` also knows --spaces and --methods (lists with commas), --campaigns, --networks, --fit, --quick, --report FILE
 * (Markdown) and --parts FILE (what is measured is kept there and not measured again). `latencies` measures the blocks that the
 * `science` group searches over, anew into --out FOLDER; --spaces and --targets name some of them.
 *
 * `npm run bench -- reproduce first-paper|second-paper|third-paper [--data FOLDER] [--parts FILE] [--report FILE] [--json FILE]`
 * tries the claims of a publication anew (docs/papers).
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    latency: { type: 'string' },
    data: { type: 'string' },
    spaces: { type: 'string' },
    seeds: { type: 'string' },
    methods: { type: 'string' },
    campaigns: { type: 'string' },
    networks: { type: 'string' },
    fit: { type: 'string' },
    quick: { type: 'boolean' },
    report: { type: 'string' },
    parts: { type: 'string' },
    targets: { type: 'string' },
    out: { type: 'string', default: 'benchmarks/science/latencies' },
  },
});

const groups: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  science: () => measureScience(values.latency, values.data),
  transfer: () => measureTransfers(values.data),
  progressive: () =>
    measureProgressive(unpruningTasks(values.data, values.spaces?.split(',')), Number(values.seeds ?? 30)),
  advice: () => measureAdvice(),
  measuring: () => measureMeasuring(values),
  serving: measureServing,
  latencies: async () => {
    await recordLatencies(values.out, values.spaces?.split(','), values.targets?.split(','));
    return [];
  },
  reproduce: () => reproduce(positionals[1] ?? '', values),
};

const wanted = positionals[0] ?? '';
const measure = groups[wanted];
if (measure === undefined || positionals.length > (wanted === 'reproduce' ? 2 : 1)) {
  console.error(
    `usage: npm run bench -- ${Object.keys(groups).join('|')} [--latency FILE] [--data FOLDER] [--json FILE]`,
  );
  process.exitCode = 2;
} else {
  const figures = await measure();
  printFigures(figures);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
