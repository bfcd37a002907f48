import Link from 'next/link';

interface NextPageProps {
  info: { hasNextPage: boolean; endCursor?: string | null };
  path: string;
  /** Parameters of the address as it is; they stay. */
  query?: Readonly<Record<string, string | string[] | undefined>>;
  /** The parameter that says where the list goes on. */
  name?: string;
  label?: string;
}

/** The way to the next page of a connection, when there is one. */
export function NextPage({ info, path, query = {}, name = 'after', label = 'Next' }: NextPageProps) {
  if (!info.hasNextPage || !info.endCursor) return null;
  const kept = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' && key !== name ? [[key, value]] : [],
  );
  const address = new URLSearchParams([...kept, [name, info.endCursor]]);
  return (
    <p className="mt-6">
      <Link href={`${path}?${address.toString()}`} className="button button-quiet">
        {label}
      </Link>
    </p>
  );
}
