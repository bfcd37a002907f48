import Link from 'next/link';
import type { RunQuery } from '@/graphql/generated/documents';
import { publicApiUrl } from '@/server/api';
import { ArchitectureText } from './architecture-text';
import { LiveProgress } from './live-progress';
import { PageHeading } from './page-heading';
import { formatCount, formatMs, plural } from './quantity';
import { RunActionButton } from './run-action';
import { samplerNames } from './sampler-words';
import { SearchTold } from './search-told';
import { publishedNotation, TakeAway } from './take-away';
import { TargetLine } from './target-line';
import { TimeAgo } from './time-ago';
import { TrainersSection } from './trainers-section';

type SearchRun = Extract<NonNullable<RunQuery['node']>, { __typename: 'SearchRun' }>;

const sourceKinds = {
  TABLE: 'a table',
  PREDICTOR: 'a predictor',
  SUPERNET: 'a supernet that workers evaluate',
  EXTERNAL: 'trainers that ask and tell',
} as const satisfies Record<SearchRun['accuracySource']['kind'], string>;

export function SearchRunView({ run }: { run: SearchRun }) {
  const { space } = run.spaceVersion;
  const { task } = run.accuracySource;
  const names = run.spaceVersion.stages.flatMap((stage) => stage.layers.map((layer) => layer.choices));
  const origin = {
    versionId: run.spaceVersion.id,
    notation: publishedNotation(run.spaceVersion.notations),
    trainedSourceId: run.accuracySource.kind === 'SUPERNET' ? run.accuracySource.id : null,
  };
  return (
    <>
      <PageHeading title={`Search of ${space.name}, ${run.spaceVersion.label}`}>
        {run.searchedProfile.target.processor} · <TargetLine target={run.searchedProfile.target} /> ·{' '}
        {task.name} · {samplerNames[run.sampler]}, seed {run.seed} · started{' '}
        <TimeAgo instant={run.startedAt ?? run.createdAt} />
        {run.publishedAt ? ' · published' : ''}
      </PageHeading>
      <LiveProgress
        id={run.id}
        counted="evaluations"
        task={task}
        limited={run.limits !== null}
        initial={{
          status: run.status,
          done: run.evaluations,
          total: run.budget,
          startedAt: run.startedAt,
          error: run.error,
          failedCount: 0,
          unstableCount: 0,
          frontier: run.frontier,
        }}
      >
        {run.status === 'RUNNING' || run.status === 'QUEUED' ? (
          <RunActionButton id={run.id} action="stop" />
        ) : null}
        {run.status === 'STOPPED' || run.status === 'FAILED' ? (
          <RunActionButton id={run.id} action="resume" />
        ) : null}
      </LiveProgress>
      <p className="mt-4 text-sm text-muted">
        Accuracies from {run.accuracySource.name}, {sourceKinds[run.accuracySource.kind]}
        {run.priorEvaluations > 0
          ? `; ${plural(run.priorEvaluations, 'evaluation')} were spent on pruning and count`
          : ''}
        . Latencies are predicted ({run.searchedProfile.estimator}).{' '}
        <Link
          className="link"
          href={`/spaces/${space.team.slug}/${space.name}?version=${encodeURIComponent(run.spaceVersion.id)}`}
        >
          {formatCount(run.spaceVersion.size)} networks in the space
        </Link>
        {run.publishedAt ? (
          <>
            {' · '}
            <Link className="link" href="/">
              on the leaderboards
            </Link>
          </>
        ) : null}
      </p>
      <SearchTold run={run} />
      <TrainersSection run={run} apiUrl={publicApiUrl()} />
      {run.frontier.length > 0 ? (
        <div className="table-scroll mt-10" role="region" aria-label="Networks of the frontier" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Architecture</th>
                <th scope="col" className="number">
                  Latency
                </th>
                <th scope="col" className="number">
                  Accuracy
                </th>
                <th scope="col" className="number">
                  Found at evaluation
                </th>
                <th scope="col">Take away</th>
              </tr>
            </thead>
            <tbody>
              {run.frontier.map((trial) => (
                <tr key={trial.ordinal}>
                  <td>
                    <ArchitectureText
                      encoding={trial.encoding}
                      choices={trial.encoding.map(
                        (choice, layer) => names[layer]?.[choice]?.name ?? String(choice),
                      )}
                    />
                  </td>
                  <td className="number">
                    {formatMs(trial.latencyMs)}
                    <span className="unit">ms</span>
                  </td>
                  <td className="number">
                    {trial.accuracy.toFixed(2)}
                    <span className="unit">{task.unit}</span>
                  </td>
                  <td className="number">{formatCount(trial.ordinal)}</td>
                  <td>
                    <TakeAway origin={origin} encoding={trial.encoding} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  );
}
