import type { PoolFactsFragment } from '@/graphql/generated/documents';
import { Field, PoolForm } from './pool-form';

/** Windows in which a pool or a device gets no work, and the form that plans one. */
export function PoolMaintenance({ pool, owned }: { pool: PoolFactsFragment; owned: boolean }) {
  return (
    <>
      {pool.maintenance.length === 0 ? (
        <p className="mt-2 text-sm text-muted">None planned.</p>
      ) : (
        <ul className="mt-2 text-sm">
          {pool.maintenance.map((window) => (
            <li
              key={window.id}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-hairline py-2"
            >
              <span className="whitespace-nowrap">
                {inWords(window.startsAt)} – {inWords(window.endsAt)} <span className="unit">UTC</span>
              </span>
              <span>{window.device?.name ?? 'the whole pool'}</span>
              <span className="text-muted">{window.reason}</span>
              {owned ? (
                <span className="ml-auto">
                  <PoolForm id={window.id} action="cancel-maintenance" label="Take back" />
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {owned ? (
        <details className="mt-3">
          <summary className="link inline list-none text-sm">Plan a window</summary>
          <div className="mt-3">
            <PoolForm id={pool.id} action="schedule" label="Plan">
              <Field label="From, UTC" className="w-56">
                <input name="starts" className="field" type="datetime-local" required />
              </Field>
              <Field label="To, UTC" className="w-56">
                <input name="ends" className="field" type="datetime-local" required />
              </Field>
              <Field label="For">
                <select name="device" className="field">
                  <option value="">the whole pool</option>
                  {pool.devices.nodes.map((device) => (
                    <option key={device.id} value={device.id}>
                      {device.name}
                    </option>
                  ))}
                </select>
              </Field>
              <Field label="Reason" className="w-64">
                <input name="reason" className="field" required maxLength={200} />
              </Field>
            </PoolForm>
          </div>
        </details>
      ) : null}
    </>
  );
}

const inWords = (instant: string): string => instant.slice(0, 16).replace('T', ' ');
