'use server';

import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { SignInDocument, SignOutDocument } from '@/graphql/generated/documents';
import { ask, type Failure } from '@/server/api';
import { SESSION_COOKIE, TEAM_COOKIE, THEME_COOKIE } from '@/server/session';

const YEAR_SECONDS = 365 * 24 * 3600;

/** Opens a session and goes to `next`; gives the failure to the form otherwise. */
export async function signIn(_previous: Failure | null, form: FormData): Promise<Failure | null> {
  const email = String(form.get('email') ?? '');
  const password = String(form.get('password') ?? '');
  const answer = await ask(SignInDocument, { input: { email, password } });
  if (!answer.ok) return answer.failure;
  const { sessionToken, expiresAt, viewer } = answer.data.signIn;
  const jar = await cookies();
  jar.set(SESSION_COOKIE, sessionToken, { ...(await cookieOptions()), expires: new Date(expiresAt) });
  const slug = viewer.teams[0]?.slug;
  if (slug && !jar.has(TEAM_COOKIE))
    jar.set(TEAM_COOKIE, slug, { ...(await cookieOptions()), maxAge: YEAR_SECONDS });
  redirect(localPath(form.get('next')));
}

export async function signOut(): Promise<void> {
  await ask(SignOutDocument, {});
  const jar = await cookies();
  jar.delete(SESSION_COOKIE);
  jar.delete(TEAM_COOKIE);
  redirect('/');
}

/** Acts for another team from the next request on; the API refuses teams that are not the person's. */
export async function switchTeam(form: FormData): Promise<void> {
  const jar = await cookies();
  jar.set(TEAM_COOKIE, String(form.get('team') ?? ''), { ...(await cookieOptions()), maxAge: YEAR_SECONDS });
  redirect('/runs');
}

export async function chooseTheme(theme: 'light' | 'dark' | 'system'): Promise<void> {
  const jar = await cookies();
  if (theme === 'system') jar.delete(THEME_COOKIE);
  else jar.set(THEME_COOKIE, theme, { ...(await cookieOptions()), maxAge: YEAR_SECONDS });
}

async function cookieOptions() {
  const secure = (await headers()).get('x-forwarded-proto') === 'https';
  return { httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
}

/** A sign-in link must not lead off this site. */
function localPath(value: FormDataEntryValue | null): string {
  const path = typeof value === 'string' ? value : '/';
  return /^\/(?![/\\])/.test(path) ? path : '/';
}
