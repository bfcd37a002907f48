import { describe, expect, it } from 'vitest';
import { nonDominatedPlain } from '@espalier/nas/pareto';
import {
  encodingIndex,
  enumerateEncodings,
  fashionMobile,
  nasBench201Cifar10,
  nasBenchMacro,
  parseEncoding,
  positionsOf,
} from '@espalier/nas/space';
import { accuracyOf, readAccuracyTable } from '../fashion/index.js';
import { fitCellLatency } from './cell-latency.js';
import { fashionTable, fashionTables } from './fashion-tables.js';
import { grouped } from './grouped-positions.js';
import { additivelyTabulated } from './tabulated.js';

const blockLatencyMs = positionsOf(fashionMobile).map(({ choices }, at) =>
  choices.map((_, i) => 1 + ((7 * i + at) % 27)),
);

describe('a Fashion space as a table', () => {
  const { table, front } = fashionTable({ space: fashionMobile, blockLatencyMs, fixedMs: 0.5 });

  it('has each network’s accuracy and the sum of its blocks’ latencies', () => {
    const encoding = parseEncoding(fashionMobile, [3, 14, 25]);
    const index = encodingIndex(fashionMobile, encoding);
    const accuracy = accuracyOf(readAccuracyTable('fashion-mobile'), encoding);
    expect(table.error[index]).toBeCloseTo(100 - accuracy, 9);
    expect(table.latencyMs[index]).toBe(
      0.5 + (blockLatencyMs[0]?.[3] ?? 0) + (blockLatencyMs[1]?.[14] ?? 0) + (blockLatencyMs[2]?.[25] ?? 0),
    );
  });

  it('has the front of all networks', () => {
    const some = Array.from({ length: 400 }, (_, i) => [
      table.error[i * 49] ?? 0,
      table.latencyMs[i * 49] ?? 0,
    ]);
    expect(nonDominatedPlain([...front, ...some]).filter((i) => i < front.length)).toHaveLength(front.length);
  });

  it('is there for every target that was measured', () => {
    for (const tabled of fashionTables()) {
      expect(tabled.table.error).toHaveLength(tabled.table.latencyMs.length);
      expect(tabled.front.length).toBeGreaterThan(5);
      expect(tabled.params.flat().every((count) => count > 0)).toBe(true);
    }
  });
});

describe('positions taken together', () => {
  const latency = positionsOf(nasBenchMacro).map(({ choices }, at) =>
    choices.map((_, i) => (i === 2 ? 0 : i + at)),
  );
  const error = Float64Array.from(enumerateEncodings(nasBenchMacro), (_, i) => i % 97);
  const whole = additivelyTabulated('toy', error, {
    space: nasBenchMacro,
    blockLatencyMs: latency,
    fixedMs: 2,
  });

  it('are the same networks in the same order', () => {
    const stages = grouped(whole, 'stages', [2, 3, 3]);
    expect(positionsOf(stages.space).map(({ choices }) => choices.length)).toEqual([9, 21, 21]);
    const sums = Array.from(enumerateEncodings(stages.space), (encoding) =>
      encoding.reduce((sum, choice, at) => sum + (stages.blockLatencyMs[at]?.[choice] ?? NaN), 2),
    );
    expect(sums).toEqual([...whole.table.latencyMs]);
    expect(stages.table.error).toBe(whole.table.error);
  });

  it('must not cut through a constraint', () => {
    expect(() => grouped(whole, 'stages', [2, 2, 4])).toThrow('networks');
  });
});

describe('cells of NAS-Bench-201', () => {
  it('get the latencies that a sum over edges has where they are not measured', () => {
    const msOf = [0, 0.1, 1, 3, 0.5];
    const truth = Array.from(
      enumerateEncodings(nasBench201Cifar10),
      (encoding) => 2 + (msOf[encoding[3] ?? 0] ?? 0),
    );
    const measured = truth.map((ms, index) => (index % 23 === 0 ? ms : null));
    const { latencyMs, blockLatencyMs: found, meanError } = fitCellLatency(nasBench201Cifar10, measured);
    expect(meanError).toBeLessThan(0.02);
    expect(found[3]?.[3]).toBeCloseTo(3, 1);
    latencyMs.forEach((ms, index) => {
      expect(ms).toBeCloseTo(truth[index] ?? NaN, 1);
    });
  });
});
