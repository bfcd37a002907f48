'use client';

import { useActionState } from 'react';
import { changeRun, type RunAction } from '@/app/actions/runs';

const labels: Record<RunAction, string> = { stop: 'Stop', resume: 'Resume', cancel: 'Cancel' };

/** One thing to do with a run, and why it did not work. */
export function RunActionButton({ id, action }: { id: string; action: RunAction }) {
  const [failure, submit, pending] = useActionState(changeRun, null);
  return (
    <form action={submit} className="flex flex-wrap items-center gap-3">
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="action" value={action} />
      {failure ? (
        <span role="alert" className="text-sm text-danger">
          {failure.message}
        </span>
      ) : null}
      <button type="submit" className="button button-quiet" disabled={pending}>
        {labels[action]}
      </button>
    </form>
  );
}
