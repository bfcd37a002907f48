import type { Client } from '@espalier/client';
import { parseSubject, subjectNetwork } from '@espalier/nas/profile';
import { measuredModel } from '../measuring/measured-model.js';
import type { Lease, LeasedSpaces } from './leased-spaces.js';
import { precisionOf } from './targets.js';
import { uploadedModel } from './uploaded-model.js';

/**
 * How a lease's subject becomes an ONNX model: built here from the space document, so that nothing travels but what a team
 * uploaded. Rejects when document or subject is not understood, or when a file would have to be quantised, which is reported as
 * the measurement's failure.
 */
export async function subjectModel(
  lease: Lease,
  client: Client,
  spaces: LeasedSpaces,
): Promise<() => Uint8Array> {
  const { batch } = lease.target;
  const precision = precisionOf(lease.target.precision);
  const uploaded = await uploadedModel(client, lease.subject, batch);
  if (uploaded !== null) {
    if (precision !== 'fp32')
      throw new Error(`an uploaded model is measured as it is, not in ${precision}: choose a target of fp32`);
    return () => uploaded;
  }
  const space = await spaces(lease);
  const network = subjectNetwork(space, parseSubject(space, lease.subject));
  return () => measuredModel(network, { batch, seed: lease.seed, precision });
}
