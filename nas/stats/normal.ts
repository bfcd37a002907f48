/** Density of the standard normal. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** Share of the standard normal above z, by the complementary error function (Numerical Recipes' erfc, 1.2·10⁻⁷ of itself). */
export function normalUpperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  let polynomial = 0;
  for (const coefficient of ERFC) polynomial = polynomial * t + coefficient;
  const above = (t * Math.exp(-x * x + polynomial)) / 2;
  return z < 0 ? 1 - above : above;
}

const ERFC = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];
