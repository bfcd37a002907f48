import Link from 'next/link';
import { PageHeading } from './page-heading';

/** A page that belongs to a team, seen by nobody in particular. */
export function SignInFirst({ title, path }: { title: string; path: string }) {
  return (
    <>
      <PageHeading title={title}>These belong to a team. Sign in to see those of yours.</PageHeading>
      <Link href={`/sign-in?next=${encodeURIComponent(path)}`} className="button">
        Sign in
      </Link>
    </>
  );
}
