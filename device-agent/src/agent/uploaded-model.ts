import type { Client } from '@espalier/client';
import { withBatch } from '@espalier/nas/graph';
import { ModelFileDocument } from '../graphql/generated/documents.js';
import { checkedFile } from './checked-file.js';

/**
 * The uploaded model that a subject names, with its batch fixed; null for a subject of another kind. Rejects when the server
 * does not give the file, or gives another.
 */
export async function uploadedModel(
  client: Client,
  subject: unknown,
  batch: number,
): Promise<Uint8Array | null> {
  const fields = new Map<string, unknown>(Object.entries(subject ?? {}));
  if (fields.get('kind') !== 'MODEL') return null;
  const { modelFile } = await client.send(ModelFileDocument, { id: String(fields.get('modelId')) });
  return withBatch(await checkedFile(modelFile, fields.get('contentHash')), batch);
}
