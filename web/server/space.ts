import 'server-only';
import { cache } from 'react';
import {
  SearchSpaceDocument,
  SpaceProfilesDocument,
  SpaceVersionDocument,
  type SearchSpaceQuery,
} from '@/graphql/generated/documents';
import { ask, isMissing, type Answer } from './api';

export type Space = NonNullable<SearchSpaceQuery['searchSpace']>;
export type Version = Space['currentVersion'];

/** Its versions from the cursor on. */
export const loadSpace = cache((team: string, name: string, versionsAfter: string | null = null) =>
  ask(SearchSpaceDocument, { team, name, versionsAfter }),
);

/** A version of the space by id; null when it belongs to another space or is not there. */
export async function loadVersion(space: Space, id: string): Promise<Answer<Version | null>> {
  if (id === space.currentVersion.id) return { ok: true, data: space.currentVersion };
  const answer = await ask(SpaceVersionDocument, { id });
  if (!answer.ok) return isMissing(answer.failure) ? { ok: true, data: null } : answer;
  const node = answer.data.node;
  return { ok: true, data: node?.__typename === 'SpaceVersion' && node.space.id === space.id ? node : null };
}

/** Device profiles of a space, newest first. */
export async function loadProfiles(spaceId: string) {
  const answer = await ask(SpaceProfilesDocument, { spaceId });
  return answer.ok ? { ok: true as const, data: answer.data.deviceProfiles.nodes } : answer;
}
