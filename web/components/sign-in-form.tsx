'use client';

import { useActionState } from 'react';
import { signIn } from '@/app/actions/session';

export function SignInForm({ next }: { next: string }) {
  const [failure, action, pending] = useActionState(signIn, null);
  return (
    <form action={action} className="mt-8 grid gap-5">
      <input type="hidden" name="next" value={next} />
      <label className="grid gap-1 text-sm">
        E-mail
        <input className="field" type="email" name="email" autoComplete="username" required />
      </label>
      <label className="grid gap-1 text-sm">
        Password
        <input className="field" type="password" name="password" autoComplete="current-password" required />
      </label>
      <div role="alert" className="min-h-6 text-sm text-danger empty:hidden">
        {failure ? (
          <>
            <p>{failure.message}</p>
            <p className="mt-1 font-mono text-xs">
              {failure.code}
              {failure.requestId ? ` · request ${failure.requestId}` : ''}
            </p>
          </>
        ) : null}
      </div>
      <button type="submit" className="button justify-center" disabled={pending}>
        {pending ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}
