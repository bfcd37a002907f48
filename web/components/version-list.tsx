import Link from 'next/link';
import type { Space } from '@/server/space';
import { NextPage } from './next-page';
import { formatCount, formatPercent } from './quantity';
import { ruleNames } from './rule-name';
import { TimeAgo } from './time-ago';

interface VersionListProps {
  space: Space;
  current: string;
  /** Of the page's address. */
  query: Readonly<Record<string, string | string[] | undefined>>;
}

/** The versions of a space, newest first; a click draws one. */
export function VersionList({ space, current, query }: VersionListProps) {
  const path = `/spaces/${space.team.slug}/${space.name}`;
  const full = space.currentVersion.id;
  return (
    <section className="mb-14">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-3">
        <h2 className="text-lg">Versions</h2>
        <Link href={`${path}/prune`} className="button button-quiet">
          Prune this space
        </Link>
      </div>
      <div
        className="table-scroll max-h-[440px] overflow-y-auto"
        role="region"
        aria-label="Versions"
        tabIndex={0}
      >
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Rule</th>
              <th scope="col" className="number">
                Removed
              </th>
              <th scope="col" className="number">
                Networks
              </th>
              <th scope="col" className="number">
                Evaluations spent
              </th>
              <th scope="col" className="number">
                Made
              </th>
            </tr>
          </thead>
          <tbody>
            {space.versions.nodes.map((version) => (
              <tr key={version.id}>
                <th scope="row" className="whitespace-nowrap">
                  <Link
                    href={version.id === full ? path : `${path}?version=${encodeURIComponent(version.id)}`}
                    scroll={false}
                    aria-current={version.id === current ? 'true' : undefined}
                    className={version.id === current ? 'font-semibold' : 'link font-normal'}
                  >
                    {version.label}
                  </Link>
                  {version.id === current ? (
                    <span className="ml-2 text-xs font-normal text-muted">drawn above</span>
                  ) : null}
                </th>
                <td className="whitespace-nowrap text-muted">
                  {version.pruning ? ruleNames[version.pruning.rule] : '–'}
                </td>
                <td className="number">
                  {version.pruning?.ratio == null ? '–' : `${formatPercent(version.pruning.ratio, 0)} %`}
                </td>
                <td className="number">{formatCount(version.size)}</td>
                <td className="number">
                  {version.pruning ? formatCount(version.pruning.evaluationCount) : '–'}
                </td>
                <td className="number text-muted">
                  <TimeAgo instant={version.createdAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <NextPage
        info={space.versions.pageInfo}
        path={path}
        query={query}
        name="versions"
        label="Older versions"
      />
    </section>
  );
}
