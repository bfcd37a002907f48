import { describe, expect, it } from 'vitest';
import {
  baseNetworksOf,
  encodingKey,
  fashionMobile,
  positionsOf,
  typicalEncoding,
} from '@espalier/nas/space';
import { baseNetworkLatencies } from './base-network-latencies.js';

const typical = typicalEncoding(fashionMobile);
const layers = positionsOf(fashionMobile).map(({ choices }) => choices.map((_, i) => 1 + i));
const latencyTable = { layers, isolated: null, fixedMs: 0.5, estimator: 'fixture' };
const [base, swapped] = baseNetworksOf(fashionMobile);

describe('latencies of base networks', () => {
  it('are sums of blocks for a profile that did not measure them', () => {
    const { latencyOf, measured } = baseNetworkLatencies(fashionMobile, {
      method: 'ISOLATED',
      details: null,
      latencyTable,
    });
    expect(measured).toBe(false);
    expect(latencyOf(typical)).toBeCloseTo(0.5 + typical.reduce((sum, choice) => sum + 1 + choice, 0));
  });

  it('are those measured end to end where a profile has them', () => {
    const corrections = layers.map((layer) => layer.map((_, i) => 0.1 * i));
    const details = { baseNetwork: encodingKey(typical), baseNetworkMs: 7, corrections };
    const { latencyOf, measured } = baseNetworkLatencies(fashionMobile, {
      method: 'BASE_NETWORKS',
      details,
      latencyTable,
    });
    if (!base || !swapped) throw new Error('no base networks');
    const at = swapped.findIndex((choice, i) => choice !== typical[i]);
    expect(measured).toBe(true);
    expect(latencyOf(base)).toBe(7);
    expect(latencyOf(swapped)).toBeCloseTo(7 + 0.1 * (swapped[at] ?? NaN));
  });

  it('are sums of blocks when the details are of another network or none', () => {
    for (const details of [null, 'odd', { baseNetwork: '9.9.9', baseNetworkMs: 7, corrections: [] }])
      expect(
        baseNetworkLatencies(fashionMobile, { method: 'BASE_NETWORKS', details, latencyTable }).measured,
      ).toBe(false);
  });
});
