import { cholesky, solveCholesky } from './symmetric.js';

/** Keeps the system regular where devices leave the same rest. */
const RIDGE = 1e-6;

/**
 * What a table of blocks leaves of each device's latencies, times the share of its variance that the other devices' rests explain
 * (R² of least squares over the candidates). Interactions between blocks are found on several devices and are kept; disturbances
 * of single measurements are found on one device alone and shrink away. Of one device alone nothing can be told, and nothing is
 * kept.
 */
export function sharedRests(rests: readonly Float64Array[]): readonly Float64Array[] {
  const products = productsOf(rests);
  return rests.map((rest, at) => {
    const share = explainedShare(products, at);
    return rest.map((value) => value * share);
  });
}

function explainedShare(products: readonly Float64Array[], at: number): number {
  const own = products[at]?.[at] ?? 0;
  const others = products.map((_, other) => other).filter((other) => other !== at);
  const count = others.length;
  const total = others.reduce((sum, other) => sum + (products[other]?.[other] ?? 0), 0);
  if (count === 0 || !(total > 0) || !(own > 0)) return 0;
  const system = new Float64Array(count * count);
  for (const [i, a] of others.entries())
    for (const [j, b] of others.entries())
      system[i * count + j] = (products[a]?.[b] ?? 0) + (i === j ? (RIDGE * total) / count : 0);
  const target = others.map((other) => products[at]?.[other] ?? 0);
  const weights = solveCholesky(cholesky(system, count), target);
  const explained = weights.reduce((sum, weight, i) => sum + weight * (target[i] ?? 0), 0);
  return Math.min(1, Math.max(0, explained / own));
}

function productsOf(rests: readonly Float64Array[]): readonly Float64Array[] {
  const products = rests.map(() => new Float64Array(rests.length));
  for (const [i, a] of rests.entries())
    for (let j = 0; j <= i; j++) {
      const product = dot(a, rests[j] as Float64Array);
      (products[i] as Float64Array)[j] = product;
      (products[j] as Float64Array)[i] = product;
    }
  return products;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
