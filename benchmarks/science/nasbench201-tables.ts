import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { objectiveTable } from '@espalier/nas/search';
import {
  encodingIndex,
  enumerateEncodings,
  nasBench201Cifar10 as space,
  notationsOf,
} from '@espalier/nas/space';
import { readCsv, type Row } from '../public-tables/csv.js';
import { fitCellLatency } from './cell-latency.js';
import { tabulated, type TabulatedSpace } from './tabulated.js';

const FILE = 'nasbench201-nnmeter.csv.gz';

/** Columns of the file and what ran there. */
const TARGETS = {
  'cortex-a76-cpu': 'cortexA76cpu_tflite21_ms',
  'adreno-640-gpu': 'adreno640gpu_tflite21_ms',
  'adreno-630-gpu': 'adreno630gpu_tflite21_ms',
  'myriad-vpu': 'myriadvpu_openvino2019r2_ms',
} as const;

/**
 * NAS-Bench-201 on CIFAR-10 with nn-Meter's latencies; nothing where the folder lacks the file. The file lists 8,689 of 15,625
 * cells, those of at least 90 % accuracy: the others count as slower and worse than any that it lists. It has the latency of
 * 2,000; the others' are predicted from these. The remark says how well.
 */
export function nasBench201Tables(dataFolder: string): readonly TabulatedSpace[] {
  const path = join(dataFolder, FILE);
  if (!existsSync(path)) return [];
  const rows = rowsByCell(path);
  const listed = Uint8Array.from(rows, (row) => Number(row !== null));
  const error = Float64Array.from(rows, (row) =>
    row === null ? UNLISTED_ERROR : 100 - Number(row.cifar10_acc),
  );
  return Object.entries(TARGETS).map(([target, column]) => {
    const measured = rows.map((row) => numberOf(row?.[column]));
    const fit = fitCellLatency(space, measured);
    const known = Float64Array.from(measured, (ms, index) => ms ?? fit.latencyMs[index] ?? NaN);
    const slowest = known.reduce((most, ms, index) => (listed[index] === 1 ? Math.max(most, ms) : most), 0);
    const latencyMs = known.map((ms, index) => (listed[index] === 1 ? ms : slowest));
    const count = measured.filter((ms) => ms !== null).length;
    const remark = `The file lists cells of at least 90 % accuracy, ${String(listed.reduce((sum, is) => sum + is, 0))}; others count as slower and worse than all of these and are left out of means. ${String(count)} latencies were measured, the rest is predicted (on ${String(fit.held)} measured cells left out, the mean error of predictions is ${(100 * fit.meanError).toFixed(1)} %, Spearman ${fit.spearman.toFixed(3)}).`;
    return {
      ...tabulated(target, objectiveTable(space, error, latencyMs), fit.blockLatencyMs, remark),
      listed,
    };
  });
}

/** Just above what the worst listed cell has. */
const UNLISTED_ERROR = 10.01;

/** Rows of the file in the order of `encodingIndex`; null for a cell that it lacks. */
function rowsByCell(path: string): readonly (Row | null)[] {
  const notation = notationsOf(space).find(({ name }) => name === 'nasbench-201');
  if (notation === undefined) throw new RangeError('the space has lost its notation');
  const rows = new Array<Row | null>([...enumerateEncodings(space)].length).fill(null);
  for (const row of readCsv(path)) rows[encodingIndex(space, notation.parse(space, [row.arch ?? '']))] = row;
  return rows;
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text);
}
