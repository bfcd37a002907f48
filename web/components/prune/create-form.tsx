'use client';

import { useActionState } from 'react';
import { createPrunedSpace } from '@/app/actions/pruning';
import type { PruningInput } from '@/graphql/generated/documents';
import { FailureLine } from '../failure-line';

interface CreateFormProps {
  input: PruningInput;
  /** `team/space`. */
  address: string;
  /** False until there is a preview of exactly this. */
  ready: boolean;
}

/** Stores what the preview shows as a version of its own. */
export function CreateForm({ input, address, ready }: CreateFormProps) {
  const [failure, create, creating] = useActionState(createPrunedSpace, null);
  return (
    <form action={create} className="mt-12 grid max-w-[68ch] gap-4 border-t border-hairline pt-8">
      <h2 className="text-lg">Make it a version</h2>
      <p className="text-sm text-muted">
        The space stays as it is; the pruned version remembers the rule, its reasons and what it was decided
        from.
      </p>
      <input type="hidden" name="pruning" value={JSON.stringify(input)} />
      <input type="hidden" name="space" value={address} />
      <label className="grid gap-1">
        <span className="text-sm text-muted">Label, by default the rule and the ratio</span>
        <input name="label" className="field" maxLength={100} autoComplete="off" />
      </label>
      <div>
        <button type="submit" className="button" disabled={creating || !ready}>
          {creating ? 'Storing…' : 'Create the pruned space'}
        </button>
      </div>
      {failure ? <FailureLine failure={failure} /> : null}
    </form>
  );
}
