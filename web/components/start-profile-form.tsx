'use client';

import { useActionState } from 'react';
import { startCampaign } from '@/app/actions/profiles';
import { formatDuration, plural } from './quantity';
import { methodWords } from './profile-words';

interface StartProfileFormProps {
  version: string;
  methods: readonly string[];
  pools: readonly { id: string; name: string }[];
}

/** Starts a campaign by a chosen method, after a look at how long it will take. */
export function StartProfileForm({ version, methods, pools }: StartProfileFormProps) {
  const [answer, submit, pending] = useActionState(startCampaign, {});
  return (
    <form action={submit} className="grid max-w-[68ch] gap-4">
      <input type="hidden" name="version" value={version} />
      <div className="grid gap-4 sm:grid-cols-2">
        <label className="grid gap-1">
          <span className="text-sm text-muted">Method</span>
          <select name="method" className="field">
            {methods.map((method) => (
              <option key={method} value={method}>
                {methodWords(method).name}
              </option>
            ))}
          </select>
        </label>
        <label className="grid gap-1">
          <span className="text-sm text-muted">Pool</span>
          <select name="pool" className="field">
            {pools.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="grid gap-1">
          <span className="text-sm text-muted">Options, as JSON</span>
          <input
            name="options"
            className="field font-mono"
            placeholder='{ "heldOutNetworks": 40 }'
            spellCheck={false}
          />
        </label>
        <label className="grid gap-1">
          <span className="text-sm text-muted">Seed</span>
          <input name="seed" type="number" min={0} max={2147483647} defaultValue={0} className="field" />
        </label>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" name="action" value="start" className="button" disabled={pending}>
          Profile this space
        </button>
        <button type="submit" name="action" value="plan" className="button button-quiet" disabled={pending}>
          How long will it take?
        </button>
      </div>
      <p aria-live="polite" className="text-sm">
        {answer.plan
          ? `${plural(answer.plan.measurementCount, 'measurement')}: about ${formatDuration(answer.plan.estimatedSeconds)} on one device.`
          : null}
      </p>
      {answer.failure ? (
        <p role="alert" className="text-sm text-danger">
          {answer.failure.message}
        </p>
      ) : null}
    </form>
  );
}
