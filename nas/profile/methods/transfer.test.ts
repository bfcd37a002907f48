import { describe, expect, it } from 'vitest';
import { encodingKey, fashionMobile, positionsOf, type SearchSpace } from '../../space/index.js';
import { createRandom, spearman, type Random } from '../../stats/index.js';
import { ProfileError } from '../error.js';
import { predictLatency, type LatencyTable } from '../latency-table.js';
import { distinctNetworks } from '../networks.js';
import { blockFeaturesOf } from '../transfer/index.js';
import type { MeasuredSubject, ProfileEstimate } from './method.js';
import { transfer } from './transfer.js';

const SEED = 3;
const space = fashionMobile;

describe('the method TRANSFER', () => {
  it('plans ten telling networks and others to check, no network twice, the same for the same seed', () => {
    const options = { known: knownTables() };
    const { subjects } = transfer.plan(space, options);
    const keys = subjects.map(({ subject }) =>
      subject.kind === 'NETWORK' ? encodingKey(subject.encoding) : '',
    );
    expect(new Set(keys).size).toBe(50);
    expect(subjects.map(({ purpose }) => purpose)).toEqual([
      ...Array<string>(10).fill('FIT'),
      ...Array<string>(40).fill('HELD_OUT'),
    ]);
    expect(transfer.plan(space, options)).toEqual(transfer.plan(space, options));
  });

  it('finds the table of a device between known ones, with a figure for networks that it did not see', () => {
    const [first, second] = knownTables();
    const truth = mixture(first, second);
    const { table, quality, details } = profiled(truth);
    expect(quality.heldOut).toHaveLength(40);
    expect(quality.additivity?.mape).toBeLessThan(0.02);
    const networks = distinctNetworks(space, 300, SEED);
    expect(
      spearman(
        networks.map((each) => predictLatency(table, each)),
        networks.map((each) => predictLatency(truth, each)),
      ),
    ).toBeGreaterThan(0.98);
    expect(details).toMatchObject({ advice: expect.stringMatching(/REUSE|TRANSFER/) as string });
  });

  it('gives every entry an interval that holds its latency, and most of the true ones', () => {
    const [first, second] = knownTables();
    const truth = mixture(first, second);
    const { table, intervalMs } = profiled(truth);
    let [held, entries] = [0, 0];
    for (const [position, layer] of table.layers.entries())
      for (const [choice, ms] of layer.entries()) {
        const [low = NaN, high = NaN] = [
          intervalMs?.low[position]?.[choice],
          intervalMs?.high[position]?.[choice],
        ];
        expect(low).toBeLessThanOrEqual(ms);
        expect(high).toBeGreaterThanOrEqual(ms);
        const spread = (truth.layers[position] ?? []).reduce((sum, each) => sum + each, 0) / layer.length;
        const offset = layer.reduce((sum, each) => sum + each, 0) / layer.length - spread;
        const real = (truth.layers[position]?.[choice] ?? NaN) + offset;
        entries++;
        if (real >= low - 1e-9 && real <= high + 1e-9) held++;
      }
    expect(held / entries).toBeGreaterThan(0.8);
  });

  it('keeps a choice free that is free on every known device', () => {
    const free = knownTables().map(({ layers, ...rest }) => ({
      ...rest,
      layers: layers.map((layer) => layer.map((ms, choice) => (choice === 0 ? 0 : ms))),
    }));
    const [first, second] = free;
    const { table, intervalMs } = profiled(mixture(first, second), free);
    for (const [position, layer] of table.layers.entries()) {
      expect(layer[0]).toBe(0);
      expect(intervalMs?.high[position]?.[0]).toBe(0);
      expect(layer.every((ms) => ms >= 0)).toBe(true);
    }
  });

  it('can be stored as JSON', () => {
    const [first] = knownTables();
    const { details } = profiled(first ?? never());
    expect(JSON.parse(JSON.stringify(details))).toEqual(details);
  });

  it('asks for at least three results', () => {
    expect(() => transfer.estimate(space, { known: knownTables() }, [])).toThrow(
      expect.objectContaining({ code: 'PROFILE_MISSING_RESULT' }) as Error,
    );
  });

  const [good] = knownTables();
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no known device', { known: [] }],
    ['a known device that is no table', { known: [null] }],
    ['a table of another space', { known: [{ ...good, layers: [[1]] }] }],
    [
      'a table that lacks a choice',
      { known: [{ ...good, layers: good?.layers.map((layer) => layer.slice(1)) }] },
    ],
    ['a time that is none', { known: [{ ...good, fixedMs: -1 }] }],
    [
      'a table of zeros',
      { known: [{ ...good, fixedMs: 0, layers: good?.layers.map((layer) => layer.map(() => 0)) }] },
    ],
    ['a device without name', { known: [{ ...good, name: '' }] }],
    ['two networks', { known: [good], fitNetworks: 2 }],
    ['too many devices', { known: Array.from({ length: 65 }, () => good) }],
    ['an unknown option', { known: [good], copies: [1, 2] }],
  ])('refuses %s', (_, options) => {
    expect(() => transfer.plan(space, options)).toThrow(ProfileError);
    expect(() => transfer.plan(space, options)).toThrow(
      expect.objectContaining({ code: 'PROFILE_BAD_OPTION' }) as Error,
    );
  });
});

function profiled(truth: LatencyTable, known: readonly NamedTable[] = knownTables()): ProfileEstimate {
  const { subjects } = transfer.plan(space, { known });
  const results = subjects.map(({ subject, purpose }): MeasuredSubject => {
    if (subject.kind !== 'NETWORK') throw new Error('only networks are measured');
    const ms = predictLatency(truth, subject.encoding);
    return { subject, purpose, rounds: [[ms, ms * 1.02]], referenceMs: [1], unstable: false };
  });
  return transfer.estimate(space, { known }, results);
}

interface NamedTable extends LatencyTable {
  readonly name: string;
}

/** Three devices that charge in their own way for arithmetic, memory and calls, with a tenth of chance. */
function knownTables(): readonly NamedTable[] {
  const random = createRandom(SEED);
  return [
    [1, 0.3, 0.2],
    [0.3, 1, 0.3],
    [0.2, 0.3, 1],
  ].map((prices, at) => ({ name: `device ${String(at)}`, ...tableOf(space, prices, random) }));
}

function tableOf(of: SearchSpace, prices: readonly number[], random: Random): LatencyTable {
  const [macs, , written, operators] = blockFeaturesOf(of).map(({ values }) => {
    const largest = Math.max(...values.flat());
    return values.map((layer) => layer.map((value) => value / largest));
  });
  const layers = positionsOf(of).map(({ index, choices }) =>
    choices.map((_, choice) =>
      [macs, written, operators].reduce(
        (sum, feature, i) =>
          sum + (prices[i] ?? 0) * (feature?.[index]?.[choice] ?? NaN) * (1 + 0.1 * random.normal()),
        0,
      ),
    ),
  );
  return { layers: layers.map((layer) => layer.map((ms) => Math.max(0, ms))), fixedMs: 0.2 };
}

function mixture(a: LatencyTable | undefined, b: LatencyTable | undefined): LatencyTable {
  if (a === undefined || b === undefined) return never();
  return {
    layers: a.layers.map((layer, at) => layer.map((ms, i) => 0.6 * ms + 0.4 * (b.layers[at]?.[i] ?? NaN))),
    fixedMs: 0.3,
  };
}

function never(): never {
  throw new Error('there are known tables');
}
