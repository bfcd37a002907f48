import { expect, it } from 'vitest';
import { blockResponses, expectedSum, family, placementEffects } from '@espalier/nas/space';
import { mean } from '@espalier/nas/stats';
import { NOTE10, NOTE10_FIXED } from '../../../nas/space/testing/note10.js';
import { devicesOf, responseTable } from './devices.js';
import { NPU_RESPONSES_MS } from './published-tables.js';

const space = family('ofa-mbv3-w10');

it('has the Note10 of the tests of spaces', () => {
  const [, note10] = devicesOf({ space, networks: [], latency: { layers: [], fixedMs: 0 } });
  expect(note10?.table.layers.map((layer) => layer.slice(0, 9))).toEqual(NOTE10);
  expect(note10?.table.fixedMs).toBeCloseTo(NOTE10_FIXED, 12);
});

it('makes an additive device of block responses', () => {
  const { layers } = responseTable(space, NPU_RESPONSES_MS);
  const effects = placementEffects(space, (measure) => expectedSum(measure, layers), { guard: 'released' });
  const found = [...blockResponses(effects).values()];
  expect(found).toHaveLength(9);
  found.forEach((ms, at) =>
    expect(ms - mean(found)).toBeCloseTo((NPU_RESPONSES_MS[at] ?? NaN) - mean(NPU_RESPONSES_MS), 9),
  );
  expect(layers.flat().every((ms) => ms >= 0)).toBe(true);
});
