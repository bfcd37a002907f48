import { seededWeights, toOnnx } from '@espalier/nas/graph';
import { parseSubject, subjectNetwork } from '@espalier/nas/profile';
import { parseSpaceDocument } from '@espalier/nas/space';
import type { LeaseMeasurementsMutation } from '../graphql/generated/documents.js';

export type Lease = LeaseMeasurementsMutation['leaseMeasurements']['leases'][number];

/**
 * How a lease's subject becomes an ONNX model: built here from the space document, so that no model travels. Throws when
 * document or subject is not understood, which is reported as the measurement's failure.
 */
export function subjectModel(lease: Lease): () => Uint8Array {
  const { space } = parseSpaceDocument(lease.spaceDocument);
  const network = subjectNetwork(space, parseSubject(space, lease.subject));
  return () =>
    toOnnx(network, { batch: lease.target.batch, weights: seededWeights(lease.seed), batchNorm: 'folded' });
}
