import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Comparison } from '@/server/comparison';
import { formatCount, plural } from '../quantity';
import { samplerNames } from '../sampler-words';

const FORMATS = [
  ['md', 'Markdown'],
  ['tex', 'LaTeX'],
  ['csv', 'CSV'],
  ['json', 'JSON'],
] as const;

/** What a comparison stands on, and how to take it away. */
export function ProvenanceSection({ comparison, path }: { comparison: Comparison; path: string }) {
  const { groups, deviceProfile, accuracySource, normalisation, status } = comparison;
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0);
  return (
    <section className="mt-14">
      <h2 className="text-lg">What it stands on</h2>
      <dl className="mt-4 grid gap-x-8 gap-y-3 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">
        <Fact name="Unit of the distances">
          {normalisation === 'SPACE_RANGE'
            ? 'the range of the space, as far as it is known'
            : 'the range of the reference front'}
        </Fact>
        {deviceProfile ? (
          <Fact name="Latencies by">
            <Link className="link" href={`/profiles/${encodeURIComponent(deviceProfile.id)}`}>
              the device profile, version {deviceProfile.version}
            </Link>
          </Fact>
        ) : null}
        {accuracySource ? (
          <Fact name="Accuracies by">
            <Link className="link" href={`/accuracy/${encodeURIComponent(accuracySource.id)}`}>
              {accuracySource.name}
            </Link>
          </Fact>
        ) : null}
        <Fact name="Runs">
          <details>
            <summary className="link w-fit">{plural(runs, 'search run')}</summary>
            <ul className="mt-3 grid gap-3">
              {groups.map((group) => (
                <li key={group.label}>
                  <span className="text-muted">{group.label}: </span>
                  {group.runs.map((run) => (
                    <span key={run.id} className="mr-3 inline-block">
                      <Link className="link" href={`/runs/${encodeURIComponent(run.id)}`}>
                        seed {run.seed}
                      </Link>
                    </span>
                  ))}
                  <span className="text-muted">{describe(group)}</span>
                </li>
              ))}
            </ul>
          </details>
        </Fact>
      </dl>
      {status === 'SUCCEEDED' ? (
        <div className="mt-6 flex flex-wrap gap-2" role="group" aria-label="Export">
          {FORMATS.map(([format, name]) => (
            <a key={format} className="button button-quiet" href={`${path}/export?format=${format}`} download>
              {name}
            </a>
          ))}
        </div>
      ) : null}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function describe({ runs }: Comparison['groups'][number]): string {
  const samplers = [...new Set(runs.map((run) => samplerNames[run.sampler]))].join(', ');
  const lengths = runs.map((run) => run.evaluations);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  if (runs.length === 0) return 'none that you may see';
  return `${samplers}, ${least === most ? formatCount(most) : `${formatCount(least)} to ${formatCount(most)}`} evaluations each`;
}
