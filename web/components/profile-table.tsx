import Link from 'next/link';
import type { ProfileRowFragment } from '@/graphql/generated/documents';
import { methodWords, provenanceMark } from './profile-words';
import { formatPercent } from './quantity';
import { TimeAgo } from './time-ago';

/** Profiles as rows; `compareWith` adds a way to hold each against that one. */
export function ProfileTable({
  profiles,
  compareWith,
}: {
  profiles: readonly ProfileRowFragment[];
  compareWith?: string;
}) {
  return (
    <div className="table-scroll" role="region" aria-label="Profiles" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Target</th>
            <th scope="col">Space</th>
            <th scope="col">Method</th>
            <th scope="col" className="number">
              Version
            </th>
            <th scope="col" className="number">
              Error
            </th>
            <th scope="col" className="number">
              Within 10 %
            </th>
            <th scope="col">Seen by</th>
          </tr>
        </thead>
        <tbody>
          {profiles.map((profile) => (
            <tr key={profile.id}>
              <th scope="row" className="min-w-52">
                <Link
                  href={
                    compareWith
                      ? `/profiles/compare?a=${encodeURIComponent(compareWith)}&b=${encodeURIComponent(profile.id)}`
                      : `/profiles/${encodeURIComponent(profile.id)}`
                  }
                  className="link text-base"
                >
                  {profile.target.name}
                </Link>
                <span className="mt-0.5 block text-xs font-normal text-muted">
                  {profile.team.name} · <TimeAgo instant={profile.createdAt} />
                  {profile.pinned ? ' · pinned' : ''}
                </span>
              </th>
              <td>
                {profile.space.team.slug}/{profile.space.name}
              </td>
              <td>
                {provenanceMark(profile.method)}
                {profile.method === 'IMPORTED' ? null : (
                  <span className="block text-xs text-muted">{methodWords(profile.method).name}</span>
                )}
              </td>
              <td className="number">{profile.version}</td>
              <td className="number">{share(profile.quality.additivityMape, 1)}</td>
              <td className="number">{share(profile.quality.within10, 0)}</td>
              <td className="text-muted">{profile.visibility === 'PUBLIC' ? 'everybody' : 'its teams'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const share = (ratio: number | null, digits: number): string =>
  ratio === null ? '–' : `${formatPercent(ratio, digits)} %`;
