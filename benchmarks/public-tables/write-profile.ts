import { existsSync, writeFileSync } from 'node:fs';
import { family, positionsOf } from '@espalier/nas/space';
import { readCsv } from './csv.js';
import { ofaBlockLatencies } from './ofa-block-latency.js';

// node benchmarks/dist/public-tables/write-profile.js blocklut-ofa-mbv3-i7-8700k.csv.gz TARGET.csv
// Writes the blocks of ofa-mbv3-w10 out of a public table of layers in the form that `espalier profile import` takes.

const [table = '', target = ''] = process.argv.slice(2);
if (table === '' || target === '') {
  console.error('usage: node benchmarks/dist/public-tables/write-profile.js TABLE.csv.gz TARGET.csv');
  process.exitCode = 2;
} else if (!existsSync(table)) {
  console.error(`${table} is not there.`);
  process.exitCode = 1;
} else {
  const space = family('ofa-mbv3-w10');
  const { layers, fixedMs } = ofaBlockLatencies(space, readCsv(table));
  const rows = positionsOf(space).flatMap(({ name, choices }, position) =>
    choices.map((choice, at) => `${name},${choice.name},${String(layers[position]?.[at])}`),
  );
  writeFileSync(
    target,
    `${['position,choice,latency_ms', `fixed,,${String(fixedMs)}`, ...rows].join('\n')}\n`,
  );
  console.log(`${String(rows.length)} blocks of ${space.name} written`);
}
