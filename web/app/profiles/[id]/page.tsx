import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { DriftChart } from '@/charts/drift-chart';
import { HeldOutChart } from '@/charts/held-out-chart';
import { BlockHeatMap } from '@/components/block-heat-map';
import { CopyButton } from '@/components/copy-button';
import { DetailsView } from '@/components/details-view';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { ProfileActions } from '@/components/profile-actions';
import { ProfileQuality } from '@/components/profile-card';
import { ProfileProvenance } from '@/components/profile-provenance';
import {
  methodWords,
  provenanceWords,
  repeatCommand,
  subjectWords,
  verdictOf,
} from '@/components/profile-words';
import { formatMs, formatPercent, plural } from '@/components/quantity';
import { TargetLine } from '@/components/target-line';
import { TimeAgo } from '@/components/time-ago';
import { DeviceProfileDocument } from '@/graphql/generated/documents';
import { ask, isMissing } from '@/server/api';
import { pathParameter } from '@/server/leaderboard';
import { readViewer } from '@/server/viewer';

type Properties = PageProps<'/profiles/[id]'>;

/** Asked once a request by the page and its metadata. */
const loadProfile = cache((id: string) => ask(DeviceProfileDocument, { id }));

export async function generateMetadata({ params }: Properties): Promise<Metadata> {
  const answer = await loadProfile(pathParameter((await params).id));
  const node = answer.ok ? answer.data.node : null;
  return {
    title:
      node?.__typename === 'DeviceProfile' ? `${node.space.name} on ${node.target.processor}` : 'Profile',
  };
}

/** Everything to judge a profile by and to repeat it. */
/** More unsteady measurements than these would push what matters off the page. */
const FEW = 5;

export default async function ProfilePage({ params }: Properties) {
  const answer = await loadProfile(pathParameter((await params).id));
  if (!answer.ok && isMissing(answer.failure)) notFound();
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="This profile could not be loaded" />;
  const profile = answer.data.node;
  if (profile?.__typename !== 'DeviceProfile') notFound();
  const { team: viewerTeam } = await readViewer();
  const { verdict, against } = verdictOf(profile);
  const layers = profile.spaceVersion.stages.flatMap((stage) => stage.layers);
  const space = `${profile.space.team.slug}/${profile.space.name}`;
  const method = methodWords(profile.method);
  const command = repeatCommand(profile);
  return (
    <>
      <PageHeading title={`${profile.space.name} on ${profile.target.processor}`}>
        <TargetLine target={profile.target} /> · {provenanceWords(profile.method)} · version {profile.version}{' '}
        by {profile.team.name} · <TimeAgo instant={profile.createdAt} />
        {profile.pinned ? ' · pinned by your team' : ''}
      </PageHeading>
      {profile.supersededBy ? (
        <p className="mb-6">
          <Link className="link" href={`/profiles/${encodeURIComponent(profile.supersededBy.id)}`}>
            Version {profile.supersededBy.version}
          </Link>{' '}
          is newer.
        </p>
      ) : null}
      <section className="mb-12">
        <h2 className="text-lg">{verdict}</h2>
        {against.map((sentence) => (
          <p key={sentence} className="mt-2 text-warning">
            ⚠ {sentence}
          </p>
        ))}
        {profile.method === 'IMPORTED' ? null : (
          <div className="mt-5">
            <ProfileQuality quality={profile.quality} />
          </div>
        )}
        {profile.quality.uncorrected?.mape != null && profile.quality.additivityMape !== null ? (
          <p className="mt-2 max-w-[68ch]">
            Correction with whole networks took the error from{' '}
            {formatPercent(profile.quality.uncorrected.mape)} % to{' '}
            {formatPercent(profile.quality.additivityMape)} %.
          </p>
        ) : null}
        <div className="mt-6 flex flex-wrap gap-2">
          {profile.samplesPath ? (
            <a className="chip" href={`/profiles/${encodeURIComponent(profile.id)}/samples`} download>
              Every sample
            </a>
          ) : null}
          <Link className="chip" href={`/profiles/compare?a=${encodeURIComponent(profile.id)}`}>
            Compare
          </Link>
          <Link className="chip" href={`/spaces/${space}`}>
            The space
          </Link>
        </div>
        {viewerTeam ? (
          <div className="mt-6">
            <ProfileActions
              id={profile.id}
              pinned={profile.pinned}
              own={viewerTeam.slug === profile.team.slug}
              visibility={profile.visibility}
              sharedWith={profile.sharedWith.map(({ slug }) => slug)}
            />
          </div>
        ) : null}
      </section>
      {command ? (
        <section className="mb-12 max-w-[90ch]">
          <h2 className="mb-2 text-lg">Measure it again</h2>
          <div className="flex items-center gap-3">
            <code className="command min-w-0 flex-1" tabIndex={0}>
              {command}
            </code>
            <CopyButton text={command} label="Copy the command that measures it again" />
          </div>
        </section>
      ) : null}
      <div className="grid gap-x-12 lg:grid-cols-2">
        {profile.quality.heldOut.length > 1 ? (
          <section className="mb-12">
            <h2 className="mb-4 text-lg">Networks kept out of the fit</h2>
            <HeldOutChart networks={profile.quality.heldOut} />
          </section>
        ) : null}
        {profile.referenceReadings.length > 1 ? (
          <section className="mb-12">
            <h2 className="mb-4 text-lg">The device while it measured</h2>
            <DriftChart readings={profile.referenceReadings} />
          </section>
        ) : null}
      </div>
      <section className="mb-12">
        <h2 className="text-lg">Blocks</h2>
        <p className="mb-4 mt-1 max-w-[80ch] text-sm text-muted">
          Latencies are the {profile.estimator}; every network pays {formatMs(profile.fixedMs)} ms besides its
          blocks. Dark is fast. Copper has fewer and green more parameters per microsecond than the median
          block of its layer.
        </p>
        <BlockHeatMap layers={layers} latencyMs={profile.latencyMs} efficiency={profile.efficiency} />
      </section>
      {profile.overrides.length > 0 ? (
        <section className="mb-12">
          <h2 className="mb-3 text-lg">
            {plural(profile.overrides.length, 'entry', 'entries')} changed by hand
          </h2>
          <DetailsView
            value={profile.overrides.map(({ layer, choice, ms, wasMs }) => ({
              layer: layers[layer]?.name ?? layer,
              block: layers[layer]?.choices[choice]?.label ?? choice,
              ms,
              before: wasMs,
            }))}
          />
        </section>
      ) : null}
      {profile.unstable.length > 0 ? (
        <section className="mb-12">
          <h2 className="mb-3 text-lg">⚠ {plural(profile.unstable.length, 'unsteady measurement')}</h2>
          <details open={profile.unstable.length <= FEW}>
            <summary className="link mb-3 w-fit cursor-pointer list-none text-sm">Which, and why</summary>
            <DetailsView
              value={profile.unstable.map(({ subject, reason }) => ({
                subject: subjectWords(subject, layers),
                reason,
              }))}
            />
          </details>
        </section>
      ) : null}
      <section className="mb-12">
        <h2 className="text-lg">How it came about: {method.name}</h2>
        <p className="mb-4 mt-1 max-w-[80ch] text-muted">{method.what}</p>
        {isEmpty(profile.details) ? null : <DetailsView value={profile.details} />}
      </section>
      <ProfileProvenance profile={profile} />
    </>
  );
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
