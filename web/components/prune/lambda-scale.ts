/** Steps of the slider: the first is λ = 0, the others go from 0.0001 to 10 in equal ratios. */
export const LAMBDA_STEPS = 50;
const [LEAST, MOST] = [1e-4, 10];

export function lambdaAt(step: number): number {
  if (step <= 0) return 0;
  const share = (Math.min(step, LAMBDA_STEPS) - 1) / (LAMBDA_STEPS - 1);
  return Number((LEAST * (MOST / LEAST) ** share).toPrecision(2));
}

/** The nearest step of a λ. */
export function stepOfLambda(lambda: number): number {
  if (lambda <= 0) return 0;
  const share = Math.log(lambda / LEAST) / Math.log(MOST / LEAST);
  return Math.round(1 + Math.min(1, Math.max(0, share)) * (LAMBDA_STEPS - 1));
}
