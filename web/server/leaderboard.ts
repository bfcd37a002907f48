import 'server-only';
import { cache } from 'react';
import type { EncodedTrialColumns } from '@/charts/trial-columns';
import { LeaderboardCloudDocument, LeaderboardDocument } from '@/graphql/generated/documents';
import { ask, type Answer } from './api';

/** One leaderboard, asked once a request by the page and its metadata. */
export const loadLeaderboard = cache((id: string) => ask(LeaderboardDocument, { id }));

/** Every network that its published runs evaluated; null when the leaderboard is not there. */
export async function loadCloud(id: string): Promise<Answer<EncodedTrialColumns | null>> {
  const answer = await ask(LeaderboardCloudDocument, { id });
  return answer.ok ? { ok: true, data: answer.data.leaderboard?.cloud ?? null } : answer;
}

/** A path parameter as it was before the browser escaped it. */
export function pathParameter(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
