import type { PoolFactsFragment } from '@/graphql/generated/documents';
import { Field, PoolForm } from './pool-form';
import { formatDuration } from './quantity';

/** Who may use a pool and how much, and the form that lets another team in. */
export function PoolGrants({ pool, owned }: { pool: PoolFactsFragment; owned: boolean }) {
  return (
    <>
      {pool.grants.length === 0 ? (
        <p className="mt-2 text-sm text-muted">No other team uses this pool.</p>
      ) : (
        <div className="table-scroll mt-2">
          <table className="plain-table rows-middle max-w-[80ch]">
            <thead>
              <tr>
                <th scope="col">Team</th>
                <th scope="col">A day</th>
                <th scope="col">Priority</th>
                <th scope="col">Until</th>
                {owned ? (
                  <th scope="col">
                    <span className="sr-only">Revoke</span>
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {pool.grants.map((grant) => (
                <tr key={grant.id}>
                  <th scope="row" className="text-left font-normal">
                    {grant.team.name}
                  </th>
                  <td>
                    {grant.quotaDeviceSecondsPerDay === null
                      ? 'no limit'
                      : formatDuration(grant.quotaDeviceSecondsPerDay)}
                  </td>
                  <td>{grant.priority}</td>
                  <td>{grant.expiresAt?.slice(0, 10) ?? 'until revoked'}</td>
                  {owned ? (
                    <td>
                      <PoolForm
                        id={grant.id}
                        action="revoke"
                        label="Revoke"
                        confirm={`Revoke the grant of ${grant.team.name}? What it still waits for is not measured.`}
                      />
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {owned ? (
        <details className="mt-3">
          <summary className="link inline list-none text-sm">Let another team use this pool</summary>
          <div className="mt-3">
            <PoolForm id={pool.id} action="grant" label="Grant">
              <Field label="Team, by its short name">
                <input name="team" className="field" required maxLength={100} autoCapitalize="none" />
              </Field>
              <Field label="Minutes a day; empty: no limit" className="w-48">
                <input name="minutes" className="field" type="number" min="1" max="1440000" step="any" />
              </Field>
              <Field label="Priority, 1–10; yours is 5" className="w-44">
                <input name="priority" className="field" type="number" min="1" max="10" defaultValue="5" />
              </Field>
              <Field label="Until; empty: until revoked" className="w-44">
                <input name="expires" className="field" type="date" />
              </Field>
            </PoolForm>
          </div>
        </details>
      ) : null}
    </>
  );
}
