import { describe, expect, it } from 'vitest';
import { fashionMobile, ofaMobileNetV3, type SearchSpace } from '../../space/index.js';
import { ProfileError } from '../error.js';
import { readPredictor } from '../kernels/stored-predictor.js';
import { SIMULATED_RULES, simulatedRunMs } from '../kernels/testing/simulated-device.js';
import { subjectKey, subjectNetwork } from '../subject.js';
import { profilingMethod } from './index.js';
import type { MeasuredSubject, PlannedSubject } from './method.js';

const OPTIONS = { kernels: 50, refinements: 1, perRefinement: 10, fitNetworks: 6, heldOutNetworks: 10 };

function measured(space: SearchSpace, planned: readonly PlannedSubject[], slowdown = 1): MeasuredSubject[] {
  return planned.map((each) => {
    const ms = simulatedRunMs(subjectNetwork(space, each.subject));
    const at = each.subject.kind === 'NETWORK' ? ms * slowdown : ms;
    return {
      ...each,
      rounds: [[at, 1.1 * at], [at], [at], [at]],
      referenceMs: [1, 1, 1, 1],
      unstable: false,
    };
  });
}

function campaign(slowdown = 1): { results: MeasuredSubject[]; stages: number[] } {
  const { plan, next } = profilingMethod('KERNELS');
  const results: MeasuredSubject[] = [];
  const stages: number[] = [];
  let planned = plan(fashionMobile, OPTIONS).subjects;
  while (planned.length > 0 && stages.length < 9) {
    stages.push(planned.length);
    results.push(...measured(fashionMobile, planned, slowdown));
    planned = next?.(fashionMobile, OPTIONS, results) ?? [];
  }
  return { results, stages };
}

describe('the method KERNELS', () => {
  const { results, stages } = campaign(1.2);

  it('tests fusion, samples, refines and ends, with no subject twice', () => {
    expect(stages.length).toBeGreaterThanOrEqual(2);
    expect(stages.length).toBeLessThanOrEqual(4);
    const keys = results.map(({ subject }) => subjectKey(subject));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeLessThan(2 * (50 + 10) + 200);
  });

  it('predicts held-out networks from kernels, scaled to whole networks', () => {
    const { table, uncorrected, quality, details } = profilingMethod('KERNELS').estimate(
      fashionMobile,
      OPTIONS,
      results,
    );
    expect(table.layers.map((layer) => layer.length)).toEqual([27, 27, 27]);
    expect(quality.heldOut).toHaveLength(10);
    expect(quality.additivity?.mape).toBeLessThan(0.03);
    expect(quality.uncorrectedAdditivity?.mape).toBeGreaterThan(0.1);
    expect(table).not.toEqual(uncorrected);
    expect(quality.repeatability?.spearman).toBeCloseTo(1, 9);
    const { predictor, networks } = JSON.parse(JSON.stringify(details)) as Record<string, unknown>;
    expect(readPredictor(predictor).rules).toEqual(SIMULATED_RULES);
    expect(networks).toMatchObject({ coverage: 1, error: { count: 10 } });
  });

  it('continues the same from the same results', () => {
    const { next } = profilingMethod('KERNELS');
    const first = results.slice(0, stages[0]);
    expect(next?.(fashionMobile, OPTIONS, first)).toEqual(next?.(fashionMobile, OPTIONS, first));
    expect(next?.(fashionMobile, OPTIONS, results)).toEqual([]);
  });

  it('does not end for kernels that a device cannot run', () => {
    const sampled = results.filter(
      ({ subject }, at) => at < (stages[0] ?? 0) || at % 7 > 0 || subject.kind !== 'KERNEL',
    );
    expect(() => profilingMethod('KERNELS').estimate(fashionMobile, OPTIONS, sampled)).not.toThrow();
  });

  it.each([
    [{ kernels: 1 }, 'kernels: expected an integer from 8'],
    [{ drawnShare: 2 }, 'drawnShare: expected a number from 0 to 1'],
    [{ copies: [1, 4] }, 'copies'],
  ])('refuses %j', (options, message) => {
    expect(() => profilingMethod('KERNELS').plan(fashionMobile, options)).toThrow(ProfileError);
    expect(() => profilingMethod('KERNELS').plan(fashionMobile, options)).toThrow(message);
  });

  it('refuses a space whose resolution is a choice', () => {
    const space = ofaMobileNetV3({ width: '1.0', resolutions: [128, 160] });
    expect(() => profilingMethod('KERNELS').plan(space, {})).toThrow(/depends on resolution/);
  });

  it('says so when no kernel was measured', () => {
    const networks = results.filter(({ subject }) => subject.kind === 'NETWORK');
    expect(() => profilingMethod('KERNELS').estimate(fashionMobile, OPTIONS, networks)).toThrow(
      'no kernel was measured at two lengths',
    );
  });
});
