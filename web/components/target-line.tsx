import { CopyButton } from './copy-button';
import { plural } from './quantity';

interface Target {
  precision: string;
  threads: number;
  batch: number;
  runtime: string;
  provider: string;
  fingerprint: string;
}

/** How a target runs, in words; its fingerprint behind a click. */
export function TargetLine({ target }: { target: Target }) {
  return (
    <span>
      {target.precision} · {plural(target.threads, 'thread')} · batch {target.batch}{' '}
      <details className="ml-1 inline-block">
        <summary className="link inline cursor-pointer list-none text-sm">fingerprint</summary>
        <span className="mt-2 flex flex-wrap items-center gap-3 text-sm">
          <code className="font-mono [overflow-wrap:anywhere]">{target.fingerprint}</code>
          <span>
            {target.runtime} · {target.provider}
          </span>
          <CopyButton text={target.fingerprint} label="Copy fingerprint" />
        </span>
      </details>
    </span>
  );
}
