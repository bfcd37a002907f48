import { describe, expect, it } from 'vitest';
import { family, fashionMobile, positionsOf, sampleEncoding, type SearchSpace } from '../space/index.js';
import { createRandom, mean } from '../stats/index.js';
import { corrected } from './correction.js';
import { predictLatency, type LatencyTable } from './latency-table.js';
import type { MeasuredNetwork } from './quality.js';

const mobile = family('ofa-mbv3-w10');

/** Blocks of 0.2 to 1 ms, and networks of a device that changes each by `factor`, with relative normal noise. */
function world(
  space: SearchSpace,
  seed: number,
  noise: number,
  factor: (stage: number, entry: number) => number,
): { table: LatencyTable; draw: (count: number) => MeasuredNetwork[] } {
  const random = createRandom(seed);
  const layers = positionsOf(space).map(({ choices }) =>
    choices.map(({ block }) => (block.kind === 'absent' ? 0 : 0.2 + 0.8 * random.float())),
  );
  const truth = {
    layers: layers.map((layer, at) =>
      layer.map((ms) => ms * factor(positionsOf(space)[at]?.stage ?? 0, random.normal())),
    ),
    fixedMs: 0.5,
  };
  const draw = (count: number): MeasuredNetwork[] =>
    Array.from({ length: count }, () => {
      const encoding = sampleEncoding(space, random);
      return { encoding, measuredMs: predictLatency(truth, encoding) * (1 + noise * random.normal()) };
    });
  return { table: { layers, fixedMs: 0 }, draw };
}

/** Root mean square of the relative errors on networks that were not fitted. */
function errorOf(table: LatencyTable, networks: readonly MeasuredNetwork[]): number {
  const errors = networks.map(({ encoding, measuredMs }) => predictLatency(table, encoding) / measuredMs - 1);
  return Math.sqrt(mean(errors.map((error) => error ** 2)));
}

/** One scale and one offset by least squares of the relative error, written out: what the correction must not be worse than. */
function globallyScaled(table: LatencyTable, networks: readonly MeasuredNetwork[]): LatencyTable {
  let [ss, s1, ones, st, t1] = [0, 0, 0, 0, 0];
  for (const { encoding, measuredMs } of networks) {
    const [s, one] = [predictLatency({ ...table, fixedMs: 0 }, encoding) / measuredMs, 1 / measuredMs];
    ss += s * s;
    s1 += s * one;
    ones += one * one;
    st += s;
    t1 += one;
  }
  const determinant = ss * ones - s1 * s1;
  const scale = (st * ones - s1 * t1) / determinant;
  const fixedMs = (ss * t1 - s1 * st) / determinant;
  return { layers: table.layers.map((layer) => layer.map((ms) => ms * scale)), fixedMs };
}

/** Mean errors over worlds: corrected, and by the global scale alone. */
function compare(
  noise: number,
  fitted: number,
  factor: (stage: number, entry: number) => number,
  worlds = 24,
): { ours: number; global: number } {
  const runs = Array.from({ length: worlds }, (_, seed) => {
    const { table, draw } = world(mobile, seed, noise, factor);
    const [fit, held] = [draw(fitted), draw(60)];
    return [errorOf(corrected(mobile, table, fit), held), errorOf(globallyScaled(table, fit), held)] as const;
  });
  return { ours: mean(runs.map(([ours]) => ours)), global: mean(runs.map(([, global]) => global)) };
}

describe('the correction', () => {
  it('finds a global scale and offset exactly where there is no noise', () => {
    const { table, draw } = world(mobile, 1, 0, () => 0.8);
    const found = corrected(mobile, table, draw(20));
    expect(found.fixedMs).toBeCloseTo(0.5, 3);
    expect(errorOf(found, draw(50))).toBeLessThan(1e-4);
  });

  it('finds the scale of each stage, which one scale cannot', () => {
    const { ours, global } = compare(0.005, 30, (stage) => [0.8, 0.95, 1.1, 1.3, 0.9][stage] ?? 1);
    expect(ours).toBeLessThan(0.5 * global);
  });

  it('learns entries of their own from many networks', () => {
    const { ours, global } = compare(0.005, 120, (_, entry) => Math.exp(0.15 * entry), 3);
    expect(ours).toBeLessThan(0.6 * global);
  });

  it.each([8, 20, 60])('is no worse than one scale where %i networks show nothing but noise', (fitted) => {
    const { ours, global } = compare(0.02, fitted, () => 0.9);
    expect(ours).toBeLessThan(1.02 * global);
  });

  it.each([8, 20])('is no worse than one scale where %i networks show small differences', (fitted) => {
    const { ours, global } = compare(0.01, fitted, (stage, entry) => 1 + 0.02 * (stage - 2) + 0.02 * entry);
    expect(ours).toBeLessThan(1.02 * global);
  });

  it('gives the same for the same networks', () => {
    const { table, draw } = world(mobile, 3, 0.01, (stage) => 1 + stage / 10);
    const networks = draw(20);
    expect(corrected(mobile, table, networks)).toEqual(corrected(mobile, table, networks));
  });

  it('leaves the table below three networks, and what is 0 at 0', () => {
    const { table, draw } = world(mobile, 4, 0.01, () => 1.2);
    expect(corrected(mobile, table, draw(2))).toBe(table);
    const zeros = corrected(mobile, table, draw(30)).layers.map((layer, at) =>
      layer.filter((ms, choice) => table.layers[at]?.[choice] === 0 && ms !== 0),
    );
    expect(zeros.flat()).toEqual([]);
  });

  it('never makes a latency negative, whatever was measured', () => {
    const random = createRandom(9);
    const table = world(fashionMobile, 5, 0, () => 1).table;
    const networks = Array.from({ length: 15 }, () => ({
      encoding: sampleEncoding(fashionMobile, random),
      measuredMs: Math.exp(3 * random.normal()),
    }));
    const found = corrected(fashionMobile, table, networks);
    expect(Math.min(found.fixedMs, ...found.layers.flat())).toBeGreaterThanOrEqual(0);
  });
});
