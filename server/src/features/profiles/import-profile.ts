import type { RequestContext } from '../../graphql/context.js';
import type { ImportProfileInput } from '../../graphql/generated/resolvers.js';
import { checkedText } from '../../graphql/input-checks.js';
import { uuidOf } from '../../graphql/node-ids.js';
import { actorOf } from '../../platform/actor.js';
import { audit } from '../../platform/audit.js';
import { authorise } from '../../platform/authorise.js';
import { badInput } from '../../platform/errors.js';
import { idempotent } from '../../platform/idempotency.js';
import { checkedTarget, targetFor } from '../devices/targets.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { DeviceProfileEntity, type DeviceProfileRow, type StoredProfileQuality } from './entities.js';
import { checkedNote } from './note.js';
import { readLatencyTable } from './read-latency-table.js';
import { unprunedVersion } from './start-profile.js';
import { storeProfile } from './store-profile.js';

const LONGEST_CONTENT = 4_000_000;

/** Nothing was measured here, so nothing is known. */
const UNKNOWN: StoredProfileQuality = {
  repeatabilitySpearman: null,
  repeatabilityDifference: null,
  heldOutCount: 0,
  additivityMape: null,
  within5: null,
  within10: null,
  kendallTau: null,
  uncorrected: null,
  heldOut: [],
  referenceDrift: null,
  unstableCount: 0,
};

/** Takes in a table that was measured elsewhere, whole or not at all, as a private profile that says so. */
export async function importProfile(
  ctx: RequestContext,
  { idempotencyKey: key, note = '', ...input }: ImportProfileInput,
): Promise<DeviceProfileRow> {
  const teamId = authorise(ctx, 'PROFILES_WRITE');
  const versionId = uuidOf('SpaceVersion', input.spaceVersionId, 'input.spaceVersionId');
  return ctx.read(async (tx) => {
    const { result: id } = await idempotent(
      tx,
      { teamId, operation: 'importProfile', key, input: { ...input, note } },
      async () => {
        const version = await unprunedVersion(tx, versionId);
        const facts = checkedTarget('input.target', input.target);
        const source = checkedText('input.source', input.source, 1, 300);
        if (input.content.length > LONGEST_CONTENT)
          throw badInput('input.content', `The table has more than ${LONGEST_CONTENT} characters.`);
        const { layers, fixedMs } = readLatencyTable(parsedSpace(version).space, input.format, input.content);
        const id = await storeProfile(tx, {
          teamId,
          profileRunId: null,
          spaceVersionId: version.id,
          targetId: await targetFor(tx, teamId, facts),
          method: 'IMPORTED',
          latencyTable: {
            layers,
            isolated: null,
            fixedMs,
            uncorrected: { layers, fixedMs },
            intervalMs: null,
            interceptMs: null,
            estimator: 'values of a table measured elsewhere',
          },
          quality: UNKNOWN,
          details: { source },
          parentId: null,
          overrides: [],
          note: checkedNote('input.note', note),
          options: null,
          environment: [],
          referenceReadings: [],
          unstable: [],
          samplesHash: null,
        });
        await audit(tx, {
          teamId,
          actor: actorOf(ctx.principal),
          action: 'importProfile',
          subject: id,
          detail: { versionId: version.id, source },
        });
        return id;
      },
    );
    return tx.getRepository(DeviceProfileEntity).findOneByOrFail({ id });
  });
}
