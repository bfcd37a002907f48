import Link from 'next/link';

interface ViewLinksProps {
  label: string;
  links: readonly { name: string; href: string; here: boolean }[];
}

/** Ways to look at the same figures; each is an address of its own. */
export function ViewLinks({ label, links }: ViewLinksProps) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-2">
      {links.map(({ name, href, here }) => (
        <Link
          key={name}
          href={href}
          scroll={false}
          className={`chip max-w-full whitespace-normal py-1 ${here ? 'chip-on' : ''}`}
          aria-current={here ? 'true' : undefined}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
