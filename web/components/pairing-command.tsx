'use client';

import { useActionState } from 'react';
import { pair } from '@/app/actions/pairing';
import { CopyButton } from './copy-button';

/** Asks for a pairing code and shows the one command that attaches a device. */
export function PairingCommand({ poolId, apiUrl }: { poolId: string; apiUrl: string }) {
  const [pairing, submit, pending] = useActionState(pair, { code: null, failure: null });
  const command = `npx espalier-agent --server ${apiUrl} --pair ${pairing.code ?? 'CODE'}`;
  return (
    <form action={submit} className="mt-5">
      <input type="hidden" name="pool" value={poolId} />
      {pairing.code ? (
        <div className="max-w-[68ch]">
          <p className="mb-2 text-sm text-muted">
            Run this on the device within ten minutes; the code works once.
          </p>
          <div className="flex items-center gap-3">
            <code className="command min-w-0 flex-1" tabIndex={0}>
              {command}
            </code>
            <CopyButton text={command} label="Copy the pairing command" />
          </div>
          <p className="mt-3 text-sm text-muted">
            A phone or laptop needs no program: open{' '}
            <a href={`/measure?code=${pairing.code}`} className="link">
              this site’s page /measure
            </a>{' '}
            on it, with the code <code className="font-mono text-ink">{pairing.code}</code>.
          </p>
        </div>
      ) : (
        <button type="submit" className="button button-quiet" disabled={pending}>
          Attach a device
        </button>
      )}
      {pairing.failure ? (
        <p role="alert" className="mt-2 text-sm text-danger">
          {pairing.failure.message} <span className="font-mono text-xs">{pairing.failure.code}</span>
        </p>
      ) : null}
    </form>
  );
}
