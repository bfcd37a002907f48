import { redirect } from 'next/navigation';
import { SignInForm } from '@/components/sign-in-form';
import { readViewer } from '@/server/viewer';

export const metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next } = await searchParams;
  if ((await readViewer()).user) redirect('/');
  return (
    <div className="mx-auto max-w-sm pt-4">
      <h1 className="text-xl">Sign in</h1>
      <p className="mt-2 text-muted">
        Leaderboards are open to everybody. Runs, devices and private spaces belong to a team.
      </p>
      <SignInForm next={typeof next === 'string' ? next : '/'} />
    </div>
  );
}
