'use client';

import { useActionState } from 'react';
import { changeProfile } from '@/app/actions/profiles';

interface ProfileActionsProps {
  id: string;
  pinned: boolean;
  /** The caller's team owns it, so that it may be shared. */
  own: boolean;
  visibility: 'PRIVATE' | 'PUBLIC';
  sharedWith: readonly string[];
}

/** Pin, copy and share a profile. */
export function ProfileActions({ id, pinned, own, visibility, sharedWith }: ProfileActionsProps) {
  const [failure, submit, pending] = useActionState(changeProfile, null);
  return (
    <div className="grid gap-4">
      <form action={submit} className="flex flex-wrap items-center gap-2">
        <input type="hidden" name="id" value={id} />
        <button
          type="submit"
          name="action"
          value={pinned ? 'unpin' : 'pin'}
          className="button button-quiet"
          disabled={pending}
        >
          {pinned ? 'Unpin' : 'Pin as the default'}
        </button>
        <button type="submit" name="action" value="fork" className="button button-quiet" disabled={pending}>
          Copy to my team
        </button>
      </form>
      {own ? (
        <details open={failure !== null}>
          <summary className="link cursor-pointer list-none">
            Share:{' '}
            {visibility === 'PUBLIC'
              ? 'everybody sees it'
              : sharedWith.length > 0
                ? `shown to ${sharedWith.join(', ')}`
                : 'only your team sees it'}
          </summary>
          <form action={submit} className="mt-4 grid max-w-[60ch] gap-4">
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="action" value="share" />
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                name="visibility"
                value="PUBLIC"
                defaultChecked={visibility === 'PUBLIC'}
              />
              Everybody
            </label>
            <label className="grid gap-1">
              <span className="text-sm text-muted">Or these teams, by short name</span>
              <input
                name="teams"
                className="field"
                defaultValue={sharedWith.join(', ')}
                placeholder="acme, robotics-lab"
              />
            </label>
            <button type="submit" className="button justify-self-start" disabled={pending}>
              Share
            </button>
          </form>
        </details>
      ) : null}
      {failure ? (
        <p role="alert" className="text-sm text-danger">
          {failure.message}
        </p>
      ) : null}
    </div>
  );
}
