import type { PoolFactsFragment } from '@/graphql/generated/documents';
import type { ReactNode } from 'react';
import { DeviceRow } from './device-row';
import { PairingCommand } from './pairing-command';
import { Field, PoolForm } from './pool-form';
import { PoolGrants } from './pool-grants';
import { PoolMaintenance } from './pool-maintenance';
import { plural } from './quantity';
import { UsageBars } from './usage-bars';

/** One pool: its devices, who uses it, who may, and when it rests. `owned`: the reader may change it. */
export function PoolSection({
  pool,
  owned,
  apiUrl,
  granted = false,
}: {
  pool: PoolFactsFragment;
  owned: boolean;
  apiUrl: string;
  granted?: boolean;
}) {
  const devices = pool.devices.nodes;
  const online = devices.filter(({ status }) => status === 'ONLINE').length;
  return (
    <section className="mb-16" aria-label={`Pool ${pool.name}`}>
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 className="text-lg [overflow-wrap:anywhere]">{pool.name}</h2>
        <span className="text-sm text-muted">
          {granted ? `of ${pool.team.name} · ` : ''}
          {plural(devices.length, 'device')}, {online} online
          {pool.devices.pageInfo.hasNextPage ? ' of the first 50' : ''}
        </span>
        {owned ? (
          <details className="text-sm">
            <summary className="link inline list-none">rename</summary>
            <div className="mt-3">
              <PoolForm id={pool.id} action="rename" label="Rename">
                <Field label="Name" className="w-64">
                  <input name="name" className="field" required maxLength={100} defaultValue={pool.name} />
                </Field>
              </PoolForm>
            </div>
          </details>
        ) : null}
      </div>
      {devices.length === 0 ? (
        <p className="mt-2 text-muted">No device is attached yet.</p>
      ) : (
        <ul className="mt-3">
          {devices.map((device) => (
            <DeviceRow key={device.id} device={device} owned={owned} />
          ))}
        </ul>
      )}
      {owned ? <PairingCommand poolId={pool.id} apiUrl={apiUrl} /> : null}
      <Part title={granted ? 'What we used in seven days' : 'Who used it in seven days'}>
        <UsageBars usage={pool.usage} />
      </Part>
      <Part title={granted ? 'Our grant' : 'Granted to'}>
        <PoolGrants pool={pool} owned={owned} />
      </Part>
      <Part title="Maintenance">
        <PoolMaintenance pool={pool} owned={owned} />
      </Part>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-8">
      <h3 className="text-sm text-muted">{title}</h3>
      {children}
    </div>
  );
}
