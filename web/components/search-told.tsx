import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import type { RunQuery } from '@/graphql/generated/documents';
import { formatCount, plural } from './quantity';
import { isEnded } from './run-progress';
import { capitalised, limitWords, samplerNames, settingWords } from './sampler-words';

type SearchRun = Extract<NonNullable<RunQuery['node']>, { __typename: 'SearchRun' }>;

/** What a search was told: its sampler's settings, its limits, what it began with. */
export function SearchTold({ run }: { run: SearchRun }) {
  const settings = Object.entries(run.settings).flatMap(([name, value]) =>
    name === '__typename' || value === null ? [] : [`${settingWords(name)} ${shown(value)}`],
  );
  const rows: [string, ReactNode][] = [
    [
      'Sampler',
      <>
        {capitalised(samplerNames[run.sampler])}
        {settings.length > 0 ? <span className="text-muted"> · {settings.join(' · ')}</span> : null}
      </>,
    ],
  ];
  if (run.limits) rows.push(['Limits', <LimitsTold key="limits" run={run} />]);
  if (run.warmStart) rows.push(['Began with', <WarmStartTold key="warm" warmStart={run.warmStart} />]);
  return (
    <section className="mt-10" aria-label="What it was told">
      <dl className="grid max-w-[90ch] gap-x-6 text-sm sm:gap-y-2 sm:grid-cols-[max-content_minmax(0,1fr)]">
        {rows.map(([name, value]) => (
          <Fragment key={name}>
            <dt className="mt-2 text-muted sm:mt-0">{name}</dt>
            <dd className="min-w-0">{value}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

function LimitsTold({ run }: { run: SearchRun }) {
  if (!run.limits) return null;
  const within = run.evaluationsWithinLimits ?? 0;
  return (
    <>
      {capitalised(limitWords(run.limits, run.accuracySource.task.unit))}.{' '}
      <span className="text-muted">
        {within === 0
          ? run.evaluations === 0
            ? 'Only networks within them count as frontier.'
            : `None of ${plural(run.evaluations, 'evaluation')} is within them, so there is no frontier${isEnded(run.status) ? '' : ' yet'}.`
          : `${plural(within, 'evaluation')} of ${formatCount(run.evaluations)} are within them; only these count as frontier.`}
      </span>
    </>
  );
}

function WarmStartTold({ warmStart }: { warmStart: NonNullable<SearchRun['warmStart']> }) {
  const { searchRun, evaluations, predictedFront } = warmStart;
  return (
    <>
      {evaluations > 0 ? (
        <>
          {plural(evaluations, 'evaluation')} of{' '}
          {searchRun ? (
            <Link className="link" href={`/runs/${encodeURIComponent(searchRun.id)}`}>
              {samplerNames[searchRun.sampler]}, seed {searchRun.seed}
            </Link>
          ) : (
            'another run'
          )}
          <span className="text-muted">, which do not count here. </span>
        </>
      ) : null}
      {predictedFront ? 'The front that the profile and the known effects predict, evaluated first.' : null}
    </>
  );
}

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value.toLowerCase() : String(value);
