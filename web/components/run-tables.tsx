import Link from 'next/link';
import type { RunsQuery } from '@/graphql/generated/documents';
import { formatCount } from './quantity';
import { RunStatusMark } from './run-status';
import { samplerNames } from './sampler-words';
import { TimeAgo } from './time-ago';

export const profileKindNames = {
  PROFILE: 'device profile',
  ARCHITECTURES: 'chosen networks',
  MODEL: 'uploaded model',
} as const;

export function SearchRunTable({ runs }: { runs: RunsQuery['searchRuns']['nodes'] }) {
  return (
    <div className="table-scroll" role="region" aria-label="Searches" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Search</th>
            <th scope="col">Space</th>
            <th scope="col">Target</th>
            <th scope="col" className="number">
              Evaluations
            </th>
            <th scope="col">Status</th>
            <th scope="col" className="number">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row" className="whitespace-nowrap font-normal">
                <Link href={`/runs/${encodeURIComponent(run.id)}`} className="link">
                  {samplerNames[run.sampler]}, seed {run.seed}
                </Link>
              </th>
              <td className="whitespace-nowrap">
                {run.spaceVersion.space.name} <span className="text-muted">{run.spaceVersion.label}</span>
              </td>
              <td className="text-muted">{run.deviceProfile.target.processor}</td>
              <td className="number">
                {formatCount(run.evaluations)}{' '}
                <span className="text-muted">of {formatCount(run.budget)}</span>
              </td>
              <td>
                <RunStatusMark status={run.status} />
              </td>
              <td className="number text-muted">
                <TimeAgo instant={run.startedAt ?? run.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ProfileRunTable({ runs }: { runs: RunsQuery['profileRuns']['nodes'] }) {
  return (
    <div className="table-scroll" role="region" aria-label="Measuring campaigns" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Campaign</th>
            <th scope="col">Space or model</th>
            <th scope="col">Target</th>
            <th scope="col" className="number">
              Measured
            </th>
            <th scope="col" className="number">
              Unstable
            </th>
            <th scope="col">Status</th>
            <th scope="col" className="number">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row" className="whitespace-nowrap font-normal">
                <Link href={`/runs/${encodeURIComponent(run.id)}`} className="link">
                  {profileKindNames[run.kind]}
                </Link>
              </th>
              <td className="whitespace-nowrap">
                {run.spaceVersion ? (
                  <>
                    {run.spaceVersion.space.name} <span className="text-muted">{run.spaceVersion.label}</span>
                  </>
                ) : (
                  run.model?.name
                )}
              </td>
              <td className="text-muted">{run.target.processor}</td>
              <td className="number">
                {formatCount(run.doneCount)}{' '}
                <span className="text-muted">of {formatCount(run.measurementCount)}</span>
              </td>
              <td className="number">{run.unstableCount}</td>
              <td>
                <RunStatusMark status={run.status} />
              </td>
              <td className="number text-muted">
                <TimeAgo instant={run.startedAt ?? run.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
