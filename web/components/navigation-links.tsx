'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

const places = [
  { href: '/', label: 'Leaderboards', prefix: '/leaderboards' },
  { href: '/comparisons', label: 'Comparisons', prefix: '/comparisons' },
  { href: '/spaces', label: 'Spaces', prefix: '/spaces' },
  { href: '/accuracy', label: 'Accuracy', prefix: '/accuracy' },
  { href: '/profiles', label: 'Profiles', prefix: '/profiles' },
  { href: '/runs', label: 'Runs', prefix: '/runs' },
  { href: '/devices', label: 'Devices', prefix: '/devices' },
];

export function NavigationLinks() {
  const path = usePathname();
  return (
    <nav
      aria-label="Main"
      className="-mx-4 flex w-[calc(100%+2rem)] gap-5 overflow-x-auto px-4 lg:mx-0 lg:w-auto lg:px-0"
    >
      {places.map(({ href, label, prefix }) => {
        const here = path === href || path.startsWith(prefix);
        return (
          <Link
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={`-mb-px flex min-h-11 items-center border-b-2 lg:min-h-12 ${here ? 'border-leaf text-ink' : 'border-transparent text-muted hover:text-ink'}`}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
