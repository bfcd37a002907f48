import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { NextPage } from '@/components/next-page';
import { PageHeading } from '@/components/page-heading';
import { Field, PoolForm } from '@/components/pool-form';
import { PoolSection } from '@/components/pool-section';
import { RefreshEvery } from '@/components/refresh-every';
import { SignInFirst } from '@/components/sign-in-first';
import { DevicesDocument } from '@/graphql/generated/documents';
import { ask, publicApiUrl } from '@/server/api';
import { readViewer } from '@/server/viewer';

export const metadata = { title: 'Devices' };

const A_PAGE = 10;

/** Each list of pools goes on where the address says. */
export default async function DevicesPage({ searchParams }: PageProps<'/devices'>) {
  const { own, granted } = await searchParams;
  const { team, role } = await readViewer();
  if (!team) return <SignInFirst title="Devices" path="/devices" />;
  const answer = await ask(DevicesDocument, {
    first: A_PAGE,
    ownAfter: typeof own === 'string' ? own : null,
    grantedAfter: typeof granted === 'string' ? granted : null,
  });
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="The devices could not be loaded" />;
  const { pools, grantedPools } = answer.data;
  const query = { own, granted };
  const mayChange = role === 'ADMIN' || role === 'OWNER';
  return (
    <>
      <PageHeading title={`Devices of ${team.name}`}>
        Machines that measure, in pools. An agent on each pulls its work; teams that share a pool take turns
        by device time.
      </PageHeading>
      <RefreshEvery seconds={15} />
      {pools.nodes.length === 0 ? (
        <EmptyState title="No pool yet" command="espalier pools create NAME">
          Make a pool, then attach a device to it with one command.
        </EmptyState>
      ) : null}
      {pools.nodes.map((pool) => (
        <PoolSection key={pool.id} pool={pool} owned={mayChange} apiUrl={publicApiUrl()} />
      ))}
      <NextPage info={pools.pageInfo} path="/devices" query={query} name="own" label="More pools" />
      {mayChange ? (
        <details className="mt-6 mb-14">
          <summary className="link inline list-none">Make a pool</summary>
          <div className="mt-3">
            <PoolForm id="" action="create" label="Make">
              <Field label="Name" className="w-64">
                <input name="name" className="field" required maxLength={100} />
              </Field>
            </PoolForm>
          </div>
        </details>
      ) : null}
      {grantedPools.nodes.length > 0 ? (
        <>
          <h2 className="mb-6 border-t border-hairline pt-8 text-xl">Granted to {team.name}</h2>
          {grantedPools.nodes.map((pool) => (
            <PoolSection key={pool.id} pool={pool} owned={false} granted apiUrl={publicApiUrl()} />
          ))}
          <NextPage
            info={grantedPools.pageInfo}
            path="/devices"
            query={query}
            name="granted"
            label="More granted pools"
          />
        </>
      ) : null}
    </>
  );
}
