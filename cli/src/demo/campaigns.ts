import type { Client } from '@espalier/client';
import { MeasureArchitecturesDocument, StartProfileDocument } from '../graphql/generated/documents.js';
import { profileRunEnd, succeeded, type ProfileRun, type Progress } from '../waiting.js';
import { stepKey } from './step-key.js';

/** A campaign that ended without a result (a device taken away, a cancelled run) is begun anew this often. */
const ATTEMPTS = 3;

interface Place {
  readonly name: string;
  readonly poolId: string;
  readonly progress: Progress;
}

export function profileSpace(
  client: Client,
  spaceVersionId: string,
  { name, poolId, progress }: Place,
): Promise<ProfileRun> {
  return untilSucceeded(async (attempt) => {
    const { startProfile } = await client.send(StartProfileDocument, {
      input: { idempotencyKey: stepKey(name, 'profile', attempt), spaceVersionId, poolId, seed: 0 },
    });
    return profileRunEnd(client, startProfile.profileRun.id, 'profile', progress);
  });
}

export function measureNetworks(
  client: Client,
  { profileId, encodings }: { profileId: string; encodings: number[][] },
  { name, poolId, progress }: Place,
): Promise<ProfileRun> {
  // Other runs may be published meanwhile: what is to be measured is part of the step.
  const which = encodings.map((encoding) => encoding.join('.'));
  return untilSucceeded(async (attempt) => {
    const { measureArchitectures } = await client.send(MeasureArchitecturesDocument, {
      input: {
        idempotencyKey: stepKey(name, 'measure', attempt, ...which),
        deviceProfileId: profileId,
        poolId,
        encodings,
      },
    });
    return profileRunEnd(client, measureArchitectures.profileRun.id, 'measure frontier', progress);
  });
}

async function untilSucceeded(begin: (attempt: number) => Promise<ProfileRun>): Promise<ProfileRun> {
  for (let attempt = 1; ; attempt++) {
    const run = await begin(attempt);
    if (run.status === 'SUCCEEDED' || attempt === ATTEMPTS) return succeeded(run);
  }
}
