import { fixedRanges, seededWeights, toOnnx, type Network } from '@espalier/nas/graph';

/** What networks are measured in. */
export const PRECISIONS = ['fp32', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

/**
 * The ONNX model that is measured for a network: batch norms folded, weights from a seed. In 8 bits with quantised weights and
 * activations, whose ranges are fixed: time does not depend on them, and accuracy is not measured here.
 */
export function measuredModel(
  network: Network,
  {
    batch,
    seed,
    precision,
  }: { readonly batch: number; readonly seed: number; readonly precision: Precision },
): Uint8Array {
  const options = { batch, weights: seededWeights(seed), batchNorm: 'folded' } as const;
  if (precision === 'fp32') return toOnnx(network, options);
  return toOnnx(network, { ...options, int8: { kind: 'static', ranges: fixedRanges(network) } });
}
