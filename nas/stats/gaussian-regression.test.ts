import { describe, expect, it } from 'vitest';
import { createRandom, fitGaussian, fitLinear, mean } from './index.js';

const SEED = 5;

/** y = 3 a − 2 b + noise. */
function world(count: number, noise: number): { rows: Float64Array[]; targets: number[] } {
  const random = createRandom(SEED);
  const rows = Array.from({ length: count }, () => Float64Array.of(random.normal(), random.normal(), 0));
  return {
    rows,
    targets: rows.map(([a = 0, b = 0]) => 3 * a - 2 * b + noise * random.normal()),
  };
}

describe('fitLinear', () => {
  it('is least squares under wide priors, and knows its noise', () => {
    const { rows, targets } = world(200, 0.1);
    const fit = fitLinear(rows, targets, [1e4, 1e4, 1e4]);
    expect(fit.coefficients[0]).toBeCloseTo(3, 1);
    expect(fit.coefficients[1]).toBeCloseTo(-2, 1);
    expect(fit.noise).toBeGreaterThan(0.08);
    expect(fit.noise).toBeLessThan(0.12);
  });

  it('gives intervals that hold the truth, and leaves what no row says at its prior', () => {
    const { rows, targets } = world(200, 0.1);
    const fit = fitLinear(rows, targets, [1e4, 1e4, 7]);
    expect(Math.abs((fit.coefficients[0] ?? NaN) - 3)).toBeLessThan(4 * fit.deviation([1, 0, 0]));
    expect(fit.deviation([1, 0, 0])).toBeLessThan(3 * (0.1 / Math.sqrt(200)));
    expect(fit.coefficients[2]).toBe(0);
    expect(fit.deviation([0, 0, 1])).toBeCloseTo(7 * fit.noise, 9);
  });

  it('keeps coefficients at 0 under narrow priors, which the evidence likes less', () => {
    const { rows, targets } = world(50, 0.1);
    const [narrow, wide] = [1e-6, 100].map((each) => fitLinear(rows, targets, [each, each, each]));
    expect(Math.abs(narrow?.coefficients[0] ?? NaN)).toBeLessThan(1e-6);
    expect(wide?.logEvidence).toBeGreaterThan(narrow?.logEvidence ?? NaN);
  });

  it('foretells each target from the others as refitting without it does', () => {
    const { rows, targets } = world(12, 0.5);
    const errors = fitLinear(rows, targets, [5, 5, 5]).leaveOneOut();
    targets.forEach((target, out) => {
      const others = rows.filter((_, i) => i !== out);
      const fit = fitLinear(
        others,
        targets.filter((_, i) => i !== out),
        [5, 5, 5],
      );
      const predicted = fit.coefficients.reduce((sum, each, i) => sum + each * (rows[out]?.[i] ?? 0), 0);
      expect(errors[out]).toBeCloseTo(target - predicted, 9);
    });
    expect(mean(errors)).not.toBeNaN();
  });

  it('refuses a kernel of another size', () => {
    expect(() => fitGaussian(new Float64Array(3), [1, 2])).toThrow(RangeError);
  });
});
