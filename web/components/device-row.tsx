import Link from 'next/link';
import type { PoolDeviceFragment } from '@/graphql/generated/documents';
import { DeviceMark } from './device-mark';
import { Field, PoolForm } from './pool-form';
import { plural } from './quantity';
import { TargetLine } from './target-line';
import { TimeAgo } from './time-ago';

/** A device, what it is doing and for whom, what is doubtful about it, and what its owner can do with it. */
export function DeviceRow({ device, owned }: { device: PoolDeviceFragment; owned: boolean }) {
  const { quarantine, warnings, servingTeam } = device;
  return (
    <li className="border-t border-hairline py-4">
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <h3 className="[overflow-wrap:anywhere]">{device.name}</h3>
        <DeviceMark status={device.status} />
        {servingTeam ? <span className="text-sm">for {servingTeam.name}</span> : null}
        {device.activity ? <span className="text-sm text-muted">{device.activity}</span> : null}
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
      {quarantine ? (
        <p className="mt-2 border-l-2 border-danger pl-4 text-sm">
          {quarantine.automatic ? 'The server took it out' : 'Taken out'}{' '}
          <TimeAgo instant={quarantine.since} />: {quarantine.reason}.
        </p>
      ) : null}
      {warnings.map((warning) => (
        <p key={warning} className="mt-2 border-l-2 border-warning pl-4 text-sm">
          {warning}
        </p>
      ))}
      <ul className="mt-1 text-sm text-muted">
        {device.targets.map((target) => (
          <li key={target.fingerprint}>
            {target.processor} {target.provider.toUpperCase()} · <TargetLine target={target} /> ·{' '}
            <Link className="link" href={`/profiles?target=${encodeURIComponent(target.id)}`}>
              profiles
            </Link>
          </li>
        ))}
      </ul>
      <div className="mt-2 flex flex-wrap gap-x-6 gap-y-2 text-sm">
        <details>
          <summary className="link inline list-none">environment</summary>
          <dl className="mt-3 mb-2 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1">
            <dt className="text-muted">agent</dt>
            <dd className="font-mono">{device.agentVersion}</dd>
            {flatten(device.environment).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="font-mono [overflow-wrap:anywhere]">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
        {owned ? <DeviceCare device={device} /> : null}
      </div>
    </li>
  );
}

function DeviceCare({ device }: { device: PoolDeviceFragment }) {
  return (
    <details>
      <summary className="link inline list-none">
        {device.quarantine ? 'release or remove' : 'quarantine or remove'}
      </summary>
      <div className="mt-3 flex flex-wrap items-end gap-6">
        {device.quarantine ? (
          <PoolForm id={device.id} action="release" label="Release" />
        ) : (
          <PoolForm id={device.id} action="quarantine" label="Quarantine">
            <Field label="Reason, which every team that uses the pool reads" className="w-72 max-w-full">
              <input name="reason" className="field" required maxLength={200} />
            </Field>
          </PoolForm>
        )}
        <PoolForm
          id={device.id}
          action="remove"
          label="Remove the device"
          danger
          confirm={`Remove ${device.name}? Its agent’s token ends with it; its results, for ${plural(device.targets.length, 'target')}, stay.`}
        />
      </div>
    </details>
  );
}

/** An object's leaves with their paths, as text. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (Array.isArray(value)) return [[path, value.map(String).join(', ')]];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, part]) => flatten(part, path ? `${path} · ${name}` : name));
  return [[path, String(value)]];
}
