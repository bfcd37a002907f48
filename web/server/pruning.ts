import 'server-only';
import { PruningSourcesDocument } from '@/graphql/generated/documents';
import type { NamedSource } from '@/components/prune/form-fields';
import { ask, type Answer } from './api';

/** What pruning a version may look at: profiles, the default first, and sources that answer at once, whole tables first. */
export async function loadPruningSources(
  spaceId: string,
  versionId: string,
): Promise<Answer<{ profiles: NamedSource[]; sources: NamedSource[] }>> {
  const answer = await ask(PruningSourcesDocument, { spaceId });
  if (!answer.ok) return answer;
  const profiles = answer.data.deviceProfiles.nodes
    .filter(({ spaceVersion }) => spaceVersion.id === versionId)
    .sort((a, b) => Number(b.pinned) - Number(a.pinned))
    .map(({ id, target, version, team }) => ({ id, name: `${target.name}, v${version} by ${team.name}` }));
  const sources = answer.data.accuracySources.nodes
    .filter(
      ({ kind, spaceVersion }) => spaceVersion.id === versionId && (kind === 'TABLE' || kind === 'PREDICTOR'),
    )
    .sort((a, b) => Number(b.complete) - Number(a.complete))
    .map(({ id, name }) => ({ id, name }));
  return { ok: true, data: { profiles, sources } };
}
