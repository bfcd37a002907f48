import { describe, expect, it } from 'vitest';
import { countMacs, networkOf } from '../../graph/index.js';
import { family, nasBenchMacro, sampleEncoding, typicalEncoding } from '../../space/index.js';
import { createRandom, median } from '../../stats/index.js';
import { ProfileError } from '../error.js';
import { predictLatency } from '../latency-table.js';
import { observedKernels } from './campaign.js';
import { kernelNetwork } from './kernel-network.js';
import { familyOf, kernelKey, kernelOf, type Kernel } from './kernel.js';
import { fitPredictor, predictNetwork, Prediction } from './predictor.js';
import { byFamily, firstKernels, refiningKernels } from './sampling.js';
import { readPredictor, storePredictor } from './stored-predictor.js';
import { predictedTable } from './table.js';
import {
  SIMULATED_CALL_MS,
  SIMULATED_RULES,
  simulatedMs,
  simulatedRunMs,
} from './testing/simulated-device.js';
import { calibrationKernels, copiesOf, kernelTimes } from './times.js';

const OBSERVED = observedKernels(nasBenchMacro, SIMULATED_RULES, 1);
const SAMPLE = firstKernels({ observed: OBSERVED, count: 90, drawnShare: 0.7 }, createRandom(2));

function measure(kernels: readonly Kernel[]): ReturnType<typeof kernelTimes> {
  return kernelTimes(
    kernels.flatMap((kernel) =>
      copiesOf(kernel).map((copies) => ({
        kernel,
        copies,
        ms: simulatedRunMs(kernelNetwork(kernel, copies)),
      })),
    ),
  );
}

const TIMED = measure([...SAMPLE, ...calibrationKernels(SAMPLE)]);
const PREDICTOR = fitPredictor(SIMULATED_RULES, TIMED);

describe('kernelTimes', () => {
  it('recovers kernels without calls and joins', () => {
    const errors = TIMED.map(({ kernel, ms }) => Math.abs(ms / simulatedMs(kernel) - 1));
    expect(median(errors)).toBeLessThan(1e-3);
    expect(errors.filter((error) => error > 0.05)).toEqual([]);
  });

  it('leaves out what was measured at one length, and is never at 0 or below', () => {
    const kernel = kernelOf({ operators: ['relu'], size: 4, channelsIn: 4 });
    expect(kernelTimes([{ kernel, copies: 1, ms: 1 }])).toEqual([]);
    const [falling] = kernelTimes([
      { kernel, copies: 1, ms: 1 },
      { kernel, copies: 5, ms: 0.9 },
    ]);
    expect(falling?.ms).toBeCloseTo(0.01, 9);
  });
});

describe('the first sample', () => {
  it('has every family of the space, no kernel twice, and others besides the observed', () => {
    const keys = SAMPLE.map(kernelKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(SAMPLE.map(familyOf))).toEqual(new Set(OBSERVED.map(familyOf)));
    const observed = new Set(OBSERVED.map(kernelKey));
    expect(keys.filter((key) => observed.has(key)).length).toBeGreaterThan(5);
    expect(keys.filter((key) => !observed.has(key)).length).toBeGreaterThan(5);
  });

  it('is the same for the same seed', () => {
    const again = firstKernels({ observed: OBSERVED, count: 90, drawnShare: 0.7 }, createRandom(2));
    expect(again).toEqual(SAMPLE);
  });
});

describe('refiningKernels', () => {
  // Rounded to multiples of 8, and at least 8.
  const inRange = (ratio: number, channels: number): boolean =>
    ratio >= 0.4 - 4 / channels && ratio <= Math.max(1.2 + 4 / channels, 8 / channels);
  const missed = SAMPLE.filter((kernel) => familyOf(kernel) === 'conv').slice(0, 3);

  it('draws new kernels that differ in channels only, from 0.4 to 1.2 of them', () => {
    const drawn = refiningKernels({ missed, known: SAMPLE, perMiss: 5, count: 12 }, createRandom(3));
    expect(drawn).toHaveLength(12);
    for (const kernel of drawn) {
      const from = missed.filter(
        (each) =>
          kernelKey({ ...each, channelsIn: 1, channelsOut: 1 }) ===
          kernelKey({ ...kernel, channelsIn: 1, channelsOut: 1 }),
      );
      const near = from.some(({ channelsIn, channelsOut }) => {
        const [a, b] = [kernel.channelsIn / channelsIn, kernel.channelsOut / channelsOut];
        return inRange(a, channelsIn) && inRange(b, channelsOut);
      });
      expect([kernelKey(kernel), near]).toEqual([kernelKey(kernel), true]);
    }
    const known = new Set(SAMPLE.map(kernelKey));
    expect(drawn.filter((kernel) => known.has(kernelKey(kernel)))).toEqual([]);
  });

  it('has nothing to draw when nothing is missed', () => {
    expect(refiningKernels({ missed: [], known: [], perMiss: 5, count: 12 }, createRandom(3))).toEqual([]);
  });
});

describe('a predictor', () => {
  const networks = Array.from({ length: 12 }, (_, at) =>
    networkOf(nasBenchMacro, sampleEncoding(nasBenchMacro, createRandom(100 + at))),
  );

  it('predicts networks as the sum of their kernels', () => {
    for (const network of networks) {
      const { ms, coverage, sources, kernels } = predictNetwork(PREDICTOR, network);
      expect(ms / (simulatedRunMs(network) - SIMULATED_CALL_MS)).toBeCloseTo(1, 1);
      expect(coverage).toBe(1);
      expect(sources.measured + sources.predicted + sources.extrapolated).toBe(kernels);
    }
  });

  it('predicts kernels that it never saw, in a family with enough of them', () => {
    const others = observedKernels(family('fashion-mobile'), SIMULATED_RULES, 4);
    const errors = [...byFamily(others)].flatMap(([name, kernels]) =>
      name === 'conv' || name === 'depthwise-conv'
        ? kernels.map((kernel) =>
            Math.abs(new Prediction(PREDICTOR).kernel(kernel).ms / simulatedMs(kernel) - 1),
          )
        : [],
    );
    expect(median(errors)).toBeLessThan(0.15);
  });

  it('covers only what it knows and says what it does not', () => {
    const withoutConvs = fitPredictor(
      SIMULATED_RULES,
      TIMED.filter(({ kernel }) => familyOf(kernel) !== 'conv'),
    );
    const [network] = networks;
    const prediction = predictNetwork(withoutConvs, network as (typeof networks)[0]);
    expect(prediction.coverage).toBeLessThan(0.5);
    expect(prediction.warnings).toEqual(['counted as 0, as none was measured: conv']);
    expect(prediction.ms).toBeLessThan(predictNetwork(PREDICTOR, network as (typeof networks)[0]).ms);
  });

  it('says when a kernel lies outside what was measured, and grows with it all the same', () => {
    const prediction = new Prediction(PREDICTOR);
    const far = (channels: number): ReturnType<typeof prediction.kernel> =>
      prediction.kernel(
        kernelOf({ operators: ['conv'], size: 112, channelsIn: channels, channelsOut: channels }),
      );
    expect(far(1024).source).toBe('extrapolated');
    expect(far(2048).ms).toBeGreaterThan(2 * far(1024).ms);
  });

  it('is the same after JSON', () => {
    const text = JSON.stringify(storePredictor(PREDICTOR));
    const back = readPredictor(JSON.parse(text));
    for (const network of networks)
      expect(predictNetwork(back, network)).toEqual(predictNetwork(PREDICTOR, network));
    expect(text.length).toBeLessThan(100 * TIMED.length + 5000);
  });

  it.each<[unknown, string]>([
    [null, 'predictor: expected an object'],
    [{ version: 2 }, 'version: expected 1'],
    [{ version: 1, kernels: 3 }, 'kernels: expected a list'],
    [{ version: 1, kernels: [['conv', 1]], families: {} }, 'kernels[0]: expected 9 values'],
    [
      { version: 1, kernels: [['conv', 8, 8, 8, 1, 1, 1, 0, 0]], families: {} },
      'kernels[0]: expected a time',
    ],
    [{ version: 1, kernels: [['soft', 8, 8, 8, 1, 1, 1, 0, 1]], families: {} }, 'kernel.operators'],
    [
      { version: 1, kernels: [['conv', 8, 8, 8, 1, 1, 1, 0, 1]], families: { conv: { kind: 'x' } } },
      'families.conv.kind',
    ],
    [{ version: 1, kernels: [], families: {}, rules: { pairs: [['conv']], fanOut: 'none' } }, 'rules.pairs'],
  ])('refuses %j', (value, message) => {
    expect(() => readPredictor(value)).toThrow(ProfileError);
    expect(() => readPredictor(value)).toThrow(message);
  });
});

describe('predictedTable', () => {
  it('has what each block adds and what every network has besides', () => {
    const table = predictedTable(nasBenchMacro, PREDICTOR);
    const typical = typicalEncoding(nasBenchMacro);
    const network = networkOf(nasBenchMacro, typical);
    expect(countMacs(network)).toBeGreaterThan(0);
    expect(predictLatency(table, typical)).toBeCloseTo(predictNetwork(PREDICTOR, network).ms, 9);
    const other = sampleEncoding(nasBenchMacro, createRandom(7));
    const sum = predictNetwork(PREDICTOR, networkOf(nasBenchMacro, other)).ms;
    expect(predictLatency(table, other) / sum).toBeCloseTo(1, 1);
  });
});
