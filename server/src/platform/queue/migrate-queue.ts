import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaMigrationRequiredError,
} from 'bullmq';
import { Client } from 'pg';

/** Schema that the queue's role owns and keeps its tables in. */
export const QUEUE_SCHEMA = 'queue';

/**
 * Brings the queue's tables up to date, as the role that owns their schema. The library begins with CREATE SCHEMA, which
 * asks for a right on the database even when the schema is there: `lend` gives that right and takes it back.
 */
export async function migrateQueue(
  queueUrl: string,
  lend: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const client = new Client({ connectionString: queueUrl, application_name: 'espalier queue migrations' });
  await client.connect();
  try {
    if ((await versionOf(client)) >= LATEST_SCHEMA_VERSION) return;
    await lend(async () => {
      await runMigrations(client, QUEUE_SCHEMA);
    });
  } finally {
    await client.end();
  }
}

async function versionOf(client: Client): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, QUEUE_SCHEMA);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}
