import 'server-only';
import { cookies } from 'next/headers';

export const SESSION_COOKIE = 'espalier_session';
export const TEAM_COOKIE = 'espalier_team';
export const THEME_COOKIE = 'espalier_theme';

/** What the visitor's cookies say; none of it is trusted here, the API checks it. */
export async function readSession(): Promise<{ token: string | null; teamSlug: string | null }> {
  const jar = await cookies();
  return { token: jar.get(SESSION_COOKIE)?.value ?? null, teamSlug: jar.get(TEAM_COOKIE)?.value ?? null };
}
