import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { agreement, figuresOf } from './figures.js';
import { PartStore, partKey, type Part, type ProfilePart } from './parts.js';
import { reportOf } from './report.js';

const about = { space: 'toy', batch: 1, measuredAt: '2026-01-01T00:00:00Z' };

function campaign(method: ProfilePart['method'], number: number, scale: number): ProfilePart {
  return {
    ...about,
    kind: 'profile',
    method,
    campaign: number,
    subjects: 9,
    wallMs: 1200,
    insideMs: 1000,
    estimator: '',
    blocksMs: [[1, 2, 3 * scale], [5]],
    additivity: { networks: 10, mape: 0.02, within5: 0.9, within10: 1, kendallTau: 0.9 },
    uncorrectedAdditivity: null,
    aloneAdditivity: null,
    repeatability: null,
    referenceDrift: null,
    unstableCount: 0,
    remarks: [],
  };
}

const parts: readonly Part[] = [
  { ...about, kind: 'fidelity', networks: [{ key: '0', agentMs: 2.02, bareMs: [1.9, 2.1] }] },
  campaign('ISOLATED', 1, 1),
  campaign('ISOLATED', 2, 1.1),
  campaign('BASE_NETWORKS', 1, 0.1),
  { ...about, kind: 'refused', method: 'END_TO_END', reason: 'too large' },
];

it('names the rows as they are followed over time', () => {
  const figures = new Map(figuresOf(parts).map((figure) => [figure.name, figure.value]));
  expect([...figures.keys()]).toEqual([
    'agent.fidelity/toy',
    'agent.repeatability/toy/ISOLATED/spearman',
    'agent.repeatability/toy/ISOLATED/difference',
    'agent.efficiency/toy/ISOLATED',
    'predict.within10/toy/ISOLATED',
    'predict.within5/toy/ISOLATED',
    'agent.efficiency/toy/BASE_NETWORKS',
    'predict.within10/toy/BASE_NETWORKS',
    'predict.within5/toy/BASE_NETWORKS',
  ]);
  expect(figures.get('agent.fidelity/toy')).toBeCloseTo(1.01, 9);
  expect(figures.get('agent.efficiency/toy/ISOLATED')).toBeCloseTo(1.2, 9);
});

it('compares methods over all blocks and within positions', () => {
  const { all, within } = agreement(campaign('ISOLATED', 1, 1), campaign('BASE_NETWORKS', 1, 0.1));
  expect(within).toBeCloseTo(-0.5, 9);
  expect(all).toBeGreaterThan(within);
});

it('reports every part, also what could not be measured', () => {
  const report = reportOf(parts, 'A machine.');
  expect(report).toContain('END_TO_END cannot profile it: too large.');
  expect(report).toContain('| ISOLATED, corrected | 10 | 2.0 % | 90.0 % | 100.0 % | 0.900 |');
  expect(report).toContain('| BASE_NETWORKS | 0.400 (-0.500) | 1.000 (1.000) |');
});

it('keeps what was measured for the next run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-parts-'));
  try {
    const path = join(folder, 'parts.json');
    for (const part of parts) new PartStore(path).add(part);
    const again = new PartStore(path);
    expect(again.all()).toEqual(parts);
    for (const part of parts) expect(again.has(partKey(part))).toBe(true);
    expect(again.has('profile toy ISOLATED 3')).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
