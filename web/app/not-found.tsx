import Link from 'next/link';

export const metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <section className="max-w-[68ch]">
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="mt-2 text-xl">There is nothing at this address</h1>
      <p className="mt-4 text-muted">
        It may have been private, moved or never there. If it belongs to your team, sign in or switch the
        team, and try again.
      </p>
      <p className="mt-6 flex gap-6">
        <Link href="/" className="link">
          Leaderboards
        </Link>
        <Link href="/sign-in" className="link">
          Sign in
        </Link>
      </p>
    </section>
  );
}
