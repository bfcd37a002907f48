import Link from 'next/link';

/** The way to the next page of a connection, when there is one. */
export function NextPage({
  info,
  path,
}: {
  info: { hasNextPage: boolean; endCursor?: string | null };
  path: string;
}) {
  if (!info.hasNextPage || !info.endCursor) return null;
  return (
    <p className="mt-6">
      <Link href={`${path}?after=${encodeURIComponent(info.endCursor)}`} className="button button-quiet">
        Next
      </Link>
    </p>
  );
}
