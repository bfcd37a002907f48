import { ProfilingChoicesDocument } from '@/graphql/generated/documents';
import { ask } from '@/server/api';
import { readViewer } from '@/server/viewer';
import { StartProfileForm } from './start-profile-form';

/** A way to profile a space, for those whose team has a pool; nothing for others. */
export async function StartProfile({ spaceId, versionId }: { spaceId: string; versionId: string }) {
  const { team, role } = await readViewer();
  if (!team || role === 'VIEWER') return null;
  const answer = await ask(ProfilingChoicesDocument, { spaceId });
  if (!answer.ok || answer.data.pools.nodes.length === 0) return null;
  // A transfer needs profiles to learn from.
  const methods = answer.data.profilingMethods.filter(
    (method) => method !== 'TRANSFER' || answer.data.deviceProfiles.nodes.length > 0,
  );
  return (
    <section className="mt-12">
      <h2 className="mb-4 text-lg">Profile it on a device of {team.name}</h2>
      <StartProfileForm version={versionId} methods={methods} pools={answer.data.pools.nodes} />
    </section>
  );
}
