import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ComparisonRow } from '../entities.js';
import { figuresOf, group } from '../testing/figures.js';
import { exportComparison } from './export-comparison.js';

const igdPlus = [0.289, 0.196, 0.121, 0.083, 0.055, 0.038, 0.023];
const unpruned = { igdPlus, arrives: { after: 2000, low: 0.8, high: 1.2 } };
const pruned = {
  igdPlus: [0.181, 0.106, 0.079, 0.057, 0.039, 0.03, null],
  arrives: { after: 1100, low: 1.4, high: null },
  igdTests: '-----+',
};

const comparison = (label: string, more: Partial<ComparisonRow> = {}): ComparisonRow => {
  const { baseline, targetEvaluations, ...figures } = figuresOf(
    [group('unpruned', unpruned), group(label, pruned)],
    'unpruned',
  );
  const of = { deviceProfileId: randomUUID(), accuracySourceId: randomUUID(), columns: null, groups: [] };
  return {
    id: randomUUID(),
    teamId: randomUUID(),
    visibility: 'PRIVATE',
    name: 'Fashion: pruned & not',
    spaceId: randomUUID(),
    taskId: randomUUID(),
    targetId: randomUUID(),
    status: 'SUCCEEDED',
    error: null,
    request: { ...of, baseline, targetEvaluations, normalisation: 'REFERENCE_FRONT' },
    result: { ...figures, verdict: ['A is better than B_1.'] },
    createdAt: new Date(0),
    ...more,
  };
};

const written = (format: 'CSV' | 'JSON' | 'MARKDOWN' | 'LATEX', row: ComparisonRow): string =>
  exportComparison(
    {
      comparison: row,
      space: { name: 'fashion_blox' },
      task: { name: 'Fashion-MNIST', dataset: 'Fashion-MNIST', metric: 'top-1 accuracy', unit: '%' },
      target: { name: 'Test CPU', fingerprint: 'test' },
    },
    format,
  ).content;

describe('an exported comparison', () => {
  it('as CSV has a line a group, indicator and checkpoint', () => {
    const lines = written('CSV', comparison('a, b')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 2 * 6 * 7);
    expect(lines).toContain('unpruned,IGD_PLUS,100,30,0.196,0.0196,0.196,0.196,0.196,,,');
    expect(lines).toContain('"a, b",IGD_PLUS,2000,30,0.03,0.003,0.03,0.03,0.03,0.0004,0.0008,0.9');
    expect(written('CSV', comparison('=cmd()'))).toContain("\r\n'=cmd(),GD,");
  });

  it('as JSON has everything, and reads back', () => {
    const read = JSON.parse(written('JSON', comparison('pruned'))) as Record<string, unknown>;
    expect(read).toMatchObject({ baseline: 'unpruned', space: 'fashion_blox', checkpoints: [10, 100, 250, 500, 1000, 2000, 3000] }); // prettier-ignore
    expect(JSON.stringify(read)).not.toContain('runIds');
  });

  it('as Markdown has the paper’s table: mean and deviation, the best bold, marks for what is no chance', () => {
    const text = written('MARKDOWN', comparison('pruned|x'));
    const [igd = ''] = text.split('## IGD⁺')[1]?.split('## GD') ?? [];
    expect(igd).toContain('| Group | 10 | 100 | 250 | 500 | 1000 | 2000 | 3000 |');
    expect(igd).toContain('| pruned\\|x | **0.181 ± 0.018** ▲ |');
    expect(igd).toContain('| **0.030 ± 0.003** ▼ | – |');
    expect(igd).toContain('| unpruned | 0.289 ± 0.029 |');
    expect(text).toContain('| pruned\\|x | IGD⁺ | 1100 (990–1320) | 1.8× (above 1.4) | 30 of 30 |');
    expect(text).toContain('- A is better than B\\_1.');
    // Each line of a table has as many cells as its head.
    for (const grid of text.split('\n\n').filter((part) => part.startsWith('|')))
      expect(new Set(grid.split('\n').map((line) => line.split(/(?<!\\)\|/).length)).size).toBe(1);
  });

  it('as LaTeX is a table that a label cannot break out of', () => {
    const text = written('LATEX', comparison('70 % \\input{x} $a_1$ ~^#&'));
    expect(text).toContain(
      '70 \\% \\textbackslash{}input\\{x\\} \\$a\\_1\\$ \\textasciitilde{}\\textasciicircum{}\\#\\& & $\\mathbf{0.181} \\pm 0.018^{+}$ &',
    );
    expect(text).toContain('\\caption{Fashion: pruned \\& not: IGD$^+$');
    const bodies = [...text.matchAll(/\\midrule\n(.*?)\n\\bottomrule/gs)].map((match) => match[1] ?? '');
    expect(bodies).toHaveLength(2);
    for (const line of bodies.flatMap((body) => body.split('\n')))
      expect(line.match(/(?<!\\)&/g)).toHaveLength(7);
    const depth = [
      ...text
        .replaceAll(/%.*$/gm, (rest, at: number) => (text[at - 1] === '\\' ? rest : ''))
        .replaceAll(/\\[{}]/g, ''),
    ];
    expect(depth.filter((c) => c === '{').length).toBe(depth.filter((c) => c === '}').length);
  });

  it('of what is not computed yet is refused', () => {
    expect(() => written('CSV', comparison('x', { status: 'QUEUED', result: null }))).toThrow(/QUEUED/);
  });
});
