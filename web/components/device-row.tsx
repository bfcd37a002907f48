import Link from 'next/link';
import type { DevicesQuery } from '@/graphql/generated/documents';
import { TargetLine } from './target-line';
import { TimeAgo } from './time-ago';

type Device = DevicesQuery['pools']['nodes'][number]['devices']['nodes'][number];

/** A device, what it is doing, and its environment behind a click. */
export function DeviceRow({ device }: { device: Device }) {
  const online = device.status === 'ONLINE';
  return (
    <li className="border-t border-hairline py-4">
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <h3>{device.name}</h3>
        <span className={`inline-flex items-baseline gap-1.5 text-sm ${online ? 'text-leaf' : 'text-muted'}`}>
          <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" className="self-center">
            <circle
              cx="5"
              cy="5"
              r="3.8"
              fill={online ? 'currentColor' : 'none'}
              stroke="currentColor"
              strokeWidth="1.4"
            />
          </svg>
          {online ? 'online' : 'offline'}
        </span>
        {device.activity ? <span className="text-sm">{device.activity}</span> : null}
        <span className="text-sm text-muted sm:ml-auto">
          {device.lastSeenAt ? (
            <>
              heard from <TimeAgo instant={device.lastSeenAt} />
            </>
          ) : (
            'never heard from'
          )}
        </span>
      </div>
      <div className="mt-1 text-sm text-muted">
        {device.targets.map((target) => (
          <span key={target.fingerprint}>
            {target.processor} · <TargetLine target={target} /> ·{' '}
            <Link className="link" href={`/profiles?target=${encodeURIComponent(target.id)}`}>
              profiles
            </Link>{' '}
            ·{' '}
          </span>
        ))}
        agent {device.agentVersion}
      </div>
      <details className="mt-2 text-sm">
        <summary className="link inline list-none">environment</summary>
        <dl className="mt-3 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1">
          {flatten(device.environment).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="font-mono [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

/** An object's leaves with their paths, as text. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (Array.isArray(value)) return [[path, value.map(String).join(', ')]];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, part]) => flatten(part, path ? `${path} · ${name}` : name));
  return [[path, String(value)]];
}
