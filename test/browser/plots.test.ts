import { describe, expect, it } from 'vitest';
import { bestWithin, largestGap, nonDominated, stepCorners } from '../../web/charts/frontier-steps.js';
import { readView, writeView } from '../../web/charts/leaderboard-view.js';
import { linearTicks, logarithmicTicks, makeScale } from '../../web/charts/scale.js';
import {
  decodeTrialColumns,
  encodingOfTrial,
  packTrialColumns,
  unpackTrialColumns,
} from '../../web/charts/trial-columns.js';
import { spreadLabels } from '../../web/charts/end-labels.js';

const base64 = (column: Float32Array | Uint8Array): string => Buffer.from(column.buffer).toString('base64');

describe('trial columns', () => {
  const columns = {
    latencyMs: Float32Array.of(0.25, 1.5, 3),
    accuracy: Float32Array.of(90.72, 91.5, 92.64),
    architectures: Uint8Array.of(0, 0, 26, 255, 3, 17),
  };
  const encoded = {
    count: 3,
    latencyMs: base64(columns.latencyMs),
    accuracy: base64(columns.accuracy),
    architectures: base64(columns.architectures),
  };

  it('come out of base64 as they went in', () => {
    expect(decodeTrialColumns(encoded)).toEqual(columns);
  });

  it('travel packed: eight bytes and one a position for each trial', () => {
    const packed = packTrialColumns(encoded);
    expect(packed).toHaveLength(4 + 3 * (8 + 2));
    expect(unpackTrialColumns(packed.buffer)).toEqual(columns);
  });

  it('refuse a column of the wrong length and bytes that are too few', () => {
    expect(() => packTrialColumns({ ...encoded, count: 2 })).toThrow(/must have 8 bytes, not 12/);
    expect(() => packTrialColumns({ ...encoded, architectures: 'AAAA' + 'AA==' })).toThrow(/4 bytes are not/);
    expect(() => unpackTrialColumns(new ArrayBuffer(3))).toThrow(/3 bytes/);
    expect(() => unpackTrialColumns(Uint8Array.of(9, 0, 0, 0, 1).buffer)).toThrow(
      /5 bytes are too few for 9/,
    );
  });

  it('give the encoding of a trial', () => {
    expect(encodingOfTrial(columns, 0)).toEqual([0, 0]);
    expect(encodingOfTrial(columns, 2)).toEqual([3, 17]);
  });
});

describe('frontiers', () => {
  const point = (latencyMs: number, accuracy: number) => ({ latencyMs, accuracy });

  it('keep only what nothing beats, fastest first', () => {
    const points = [point(3, 92), point(1, 90), point(2, 89), point(2, 91), point(3, 91.5)];
    expect(nonDominated(points)).toEqual([point(1, 90), point(2, 91), point(3, 92)]);
  });

  it('step at each network and run on to the end', () => {
    expect(stepCorners([point(1, 90), point(2, 91)], 4)).toEqual([
      point(1, 90),
      point(2, 90),
      point(2, 91),
      point(4, 91),
    ]);
    expect(stepCorners([], 4)).toEqual([]);
  });

  it('give the best accuracy within a limit, and nothing below the fastest', () => {
    expect(bestWithin([point(1, 90), point(2, 91)], 1.9)).toBe(90);
    expect(bestWithin([point(1, 90)], 0.5)).toBeNull();
  });

  it('measure the largest gain from the other frontier’s fastest network on', () => {
    expect(largestGap([point(1, 90), point(2, 92)], [point(1.5, 89.5), point(3, 91)])).toEqual({
      points: 2.5,
      latencyMs: 2,
    });
    expect(largestGap([point(1, 90)], [])).toBeNull();
  });
});

describe('scales', () => {
  it('tick at round numbers', () => {
    expect(linearTicks(90.9, 92.7, 6)).toEqual([91, 91.5, 92, 92.5]);
    expect(logarithmicTicks(10, 3000)).toEqual([10, 20, 50, 100, 200, 500, 1000, 2000]);
  });

  it('place a value and find it again, linear and logarithmic', () => {
    for (const logarithmic of [false, true]) {
      const scale = makeScale([0.2, 5], logarithmic);
      expect(scale.place(0.2)).toBeCloseTo(0);
      expect(scale.place(5)).toBeCloseTo(1);
      expect(scale.value(scale.place(1.7))).toBeCloseTo(1.7);
    }
  });

  it('move labels apart and keep them inside and in order', () => {
    const places = spreadLabels([0.98, 0.97, 0.1], 0.1);
    expect(places[2]).toBeCloseTo(0.1);
    expect((places[0] ?? 0) - (places[1] ?? 0)).toBeGreaterThanOrEqual(0.1 - 1e-9);
    expect(Math.max(...places)).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('give a label of two lines the room of two', () => {
    const [above = 0, below = 0] = spreadLabels([0.5, 0.5], 0.1, [
      'short',
      'a label that is far too long for one line',
    ]);
    expect(below - above).toBeCloseTo(0.15);
  });
});

describe('the view in the address', () => {
  it('leaves defaults out and reads back what it wrote', () => {
    const view = { maxLatencyMs: 2.5, logarithmic: true, frontierOnly: true, unpruned: false };
    expect(writeView(view)).toBe('?max=2.5&log=1&frontier=1&unpruned=0');
    expect(readView(new URLSearchParams(writeView(view)))).toEqual(view);
    expect(writeView(readView(new URLSearchParams()))).toBe('');
  });

  it('ignores a limit that is no latency', () => {
    for (const max of ['-1', 'abc', '', '0', 'Infinity'])
      expect(readView(new URLSearchParams({ max })).maxLatencyMs).toBeNull();
  });
});
