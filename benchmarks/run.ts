import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureMeasuring } from './measuring/measuring.js';
import { printFigures, type Figure } from './science/figure.js';
import { measureScience } from './science/science.js';
import { measureTransfers } from './science/transfer.js';
import { measureServing } from './serving/serving.js';

/**
 * `npm run bench -- science|transfer|measuring|serving [--latency FILE] [--data FOLDER] [--json FILE]`: measures the rows, prints a
 * table, writes the array. FOLDER holds the public tables (docs/guides/public-tables.md); `transfer` is a part of `science`.
 * `measuring` also knows --spaces and --methods (lists with commas), --campaigns, --networks, --fit, --quick, --report FILE
 * (Markdown) and --parts FILE (what is measured is kept there and not measured again).
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    latency: { type: 'string' },
    data: { type: 'string' },
    spaces: { type: 'string' },
    methods: { type: 'string' },
    campaigns: { type: 'string' },
    networks: { type: 'string' },
    fit: { type: 'string' },
    quick: { type: 'boolean' },
    report: { type: 'string' },
    parts: { type: 'string' },
  },
});

const groups: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  science: () => measureScience(values.latency, values.data),
  transfer: () => measureTransfers(values.data),
  measuring: () => measureMeasuring(values),
  serving: measureServing,
};

const wanted = positionals[0] ?? '';
const measure = groups[wanted];
if (measure === undefined || positionals.length > 1) {
  console.error(
    `usage: npm run bench -- ${Object.keys(groups).join('|')} [--latency FILE] [--data FOLDER] [--json FILE]`,
  );
  process.exitCode = 2;
} else {
  const figures = await measure();
  printFigures(figures);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
