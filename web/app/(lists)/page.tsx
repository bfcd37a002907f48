import Link from 'next/link';
import { Sparkline } from '@/charts/sparkline';
import { nonDominated } from '@/charts/frontier-steps';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { NextPage } from '@/components/next-page';
import { PageHeading } from '@/components/page-heading';
import { formatCount, formatMs, plural } from '@/components/quantity';
import { TimeAgo } from '@/components/time-ago';
import { LeaderboardsDocument, type LeaderboardsQuery } from '@/graphql/generated/documents';
import { ask } from '@/server/api';

type Row = LeaderboardsQuery['leaderboards']['nodes'][number];

export default async function LeaderboardsPage({ searchParams }: PageProps<'/'>) {
  const { after } = await searchParams;
  const answer = await ask(LeaderboardsDocument, {
    first: 25,
    after: typeof after === 'string' ? after : null,
  });
  if (!answer.ok)
    return <FailureNotice failure={answer.failure} title="The leaderboards could not be loaded" />;
  const { nodes, pageInfo } = answer.data.leaderboards;
  return (
    <>
      <PageHeading title="Leaderboards: the best networks found for each device">
        One leaderboard for each search space, task and hardware target. A row holds the networks that no
        other network beats in both latency and accuracy.
      </PageHeading>
      {nodes.length === 0 ? (
        <EmptyState title="No leaderboard is published yet" command="espalier demo --space mobile">
          Profile a device, search a space, publish the runs. The demo does all of it on this machine in about
          two minutes.
        </EmptyState>
      ) : (
        <div className="table-scroll" role="region" aria-label="Leaderboards" tabIndex={0}>
          <table className="plain-table rows-middle">
            <thead>
              <tr>
                <th scope="col">Space and target</th>
                <th scope="col">Task</th>
                <th scope="col">Frontier</th>
                <th scope="col" className="number">
                  Best
                </th>
                <th scope="col" className="number">
                  Fastest
                </th>
                <th scope="col" className="number">
                  Teams
                </th>
                <th scope="col" className="number">
                  Runs
                </th>
                <th scope="col" className="number">
                  Updated
                </th>
              </tr>
            </thead>
            <tbody>
              {nodes.map((row) => (
                <LeaderboardRow key={row.id} row={row} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NextPage info={pageInfo} path="/" />
    </>
  );
}

function LeaderboardRow({ row }: { row: Row }) {
  const points = row.frontier.map((e) => ({ latencyMs: e.predictedMs, accuracy: e.accuracy }));
  const frontier = nonDominated(points);
  const best = frontier.at(-1);
  const fastest = frontier[0];
  return (
    <tr>
      <th scope="row">
        <Link href={`/leaderboards/${encodeURIComponent(row.id)}`} className="link text-base">
          {row.space.name} on {row.target.processor}
        </Link>
        <span className="mt-0.5 block text-xs text-muted">
          {row.target.precision} · {plural(row.target.threads, 'thread')} · batch {row.target.batch} ·{' '}
          {row.space.team.slug}
        </span>
      </th>
      <td className="text-muted">{row.task.name}</td>
      <td>
        <span className="flex items-center gap-3">
          <Sparkline frontier={frontier} />
          <span className="whitespace-nowrap">
            {formatCount(row.frontier.length)}
            <span className="unit">networks</span>
          </span>
        </span>
      </td>
      <td className="number">
        {best ? best.accuracy.toFixed(2) : '–'}
        <span className="unit">{row.task.unit}</span>
      </td>
      <td className="number">
        {fastest ? formatMs(fastest.latencyMs) : '–'}
        <span className="unit">ms</span>
      </td>
      <td className="number">{row.teamCount}</td>
      <td className="number">{row.runCount}</td>
      <td className="number text-muted">
        <TimeAgo instant={row.updatedAt} />
      </td>
    </tr>
  );
}
