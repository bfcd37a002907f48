import Link from 'next/link';
import { DetailsView } from './details-view';

interface Provenance {
  note: string;
  options: unknown;
  environment: unknown;
  interceptMs: number | null;
  run: { id: string } | null;
  parent: { id: string; version: number; team: { name: string } } | null;
  spaceVersion: { label: string; contentHash: string };
}

/** Where a profile comes from: campaign, parent, options, the machines as they were. */
export function ProfileProvenance({ profile }: { profile: Provenance }) {
  const { run, parent, note, options, environment, spaceVersion, interceptMs } = profile;
  const devices = Array.isArray(environment) ? environment : [];
  return (
    <>
      <section className="mb-12">
        <h2 className="mb-3 text-lg">Where it comes from</h2>
        <div className="grid gap-2">
          {note ? <p className="max-w-[68ch] whitespace-pre-line">{note}</p> : null}
          {run ? (
            <p>
              <Link className="link" href={`/runs/${encodeURIComponent(run.id)}`}>
                The campaign
              </Link>{' '}
              that measured it
            </p>
          ) : null}
          {parent ? (
            <p>
              A copy of{' '}
              <Link className="link" href={`/profiles/${encodeURIComponent(parent.id)}`}>
                version {parent.version} by {parent.team.name}
              </Link>
            </p>
          ) : null}
          <DetailsView
            value={{
              spaceVersion: spaceVersion.label,
              contentHash: spaceVersion.contentHash,
              ...(interceptMs === null ? {} : { callMs: interceptMs }),
              ...(options === null ? {} : { asked: options }),
            }}
          />
        </div>
      </section>
      {devices.length > 0 ? (
        <section className="mb-12">
          <h2 className="mb-3 text-lg">The machine as it was</h2>
          <div className="grid gap-6">
            {devices.map((device: unknown, at) => (
              <DetailsView key={at} value={device} />
            ))}
          </div>
        </section>
      ) : null}
    </>
  );
}
