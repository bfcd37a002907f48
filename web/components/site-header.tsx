import Link from 'next/link';
import { signOut } from '@/app/actions/session';
import { readViewer } from '@/server/viewer';
import { NavigationLinks } from './navigation-links';
import { TeamSwitch } from './team-switch';
import { ThemeToggle, type Theme } from './theme-toggle';

/** Name, navigation, team and theme; one row on a desk, two on a phone. */
export async function SiteHeader({ theme }: { theme: Theme }) {
  const viewer = await readViewer();
  return (
    <header className="border-b border-hairline">
      <div className="mx-auto flex max-w-[1280px] flex-wrap items-center gap-x-6 px-4 text-sm sm:px-8">
        <Link href="/" className="flex min-h-12 items-center gap-2 text-base font-semibold">
          <svg
            viewBox="0 0 20 20"
            className="size-5 text-leaf"
            aria-hidden="true"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.6"
            strokeLinecap="round"
          >
            <path d="M10 19V2M10 14.5c-4 0-6-1.5-7-4M10 14.500c4 0 6-1.5 7-4M10 8.500c-3 0-4.5-1.5-5-4M10 8.500c3 0 4.5-1.5 5-4" />
          </svg>
          Espalier
        </Link>
        <div className="ml-auto flex min-h-12 items-center gap-4 lg:order-last">
          {viewer.user ? (
            <>
              <TeamSwitch teams={viewer.teams} current={viewer.team?.slug ?? null} />
              <form action={signOut}>
                <button type="submit" className="min-h-8 text-muted hover:text-ink">
                  Sign out
                </button>
              </form>
            </>
          ) : (
            <Link href="/sign-in" className="flex min-h-8 items-center text-muted hover:text-ink">
              Sign in
            </Link>
          )}
          <ThemeToggle initial={theme} />
        </div>
        <NavigationLinks />
      </div>
    </header>
  );
}
