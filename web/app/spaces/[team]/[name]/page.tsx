import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { EspalierDrawing } from '@/charts/espalier-drawing';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { formatCount } from '@/components/quantity';
import { ListSkeleton } from '@/components/skeleton';
import { SpaceProfile } from '@/components/space-profile';
import { StartProfile } from '@/components/start-profile';
import { VersionList } from '@/components/version-list';
import { isMissing } from '@/server/api';
import { pathParameter } from '@/server/leaderboard';
import { loadProfiles, loadSpace, loadVersion } from '@/server/space';

type Properties = PageProps<'/spaces/[team]/[name]'>;

export async function generateMetadata({ params }: Properties): Promise<Metadata> {
  return { title: pathParameter((await params).name) };
}

export default async function SpacePage({ params, searchParams }: Properties) {
  const { team, name } = await params;
  const { version: chosen, versions } = await searchParams;
  const after = typeof versions === 'string' ? versions : null;
  const answer = await loadSpace(pathParameter(team), pathParameter(name), after);
  if (!answer.ok && isMissing(answer.failure)) notFound();
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="This space could not be loaded" />;
  const space = answer.data.searchSpace;
  if (!space) notFound();
  const profiles = loadProfiles(space.id);
  const found = await loadVersion(space, typeof chosen === 'string' ? chosen : space.currentVersion.id);
  if (!found.ok) return <FailureNotice failure={found.failure} title="This version could not be loaded" />;
  const version = found.data;
  if (!version) notFound();
  const layers = version.stages.flatMap((stage) =>
    stage.layers.map((layer) => ({ ...layer, stage: stage.name })),
  );
  const staged = layers.some(({ kind }) => kind === 'LAYER');
  return (
    <>
      <PageHeading title={space.name}>
        {space.team.name} · {space.visibility === 'PUBLIC' ? 'everybody may see it' : 'only the team sees it'}
        {space.description ? <p className="mt-2 max-w-[68ch]">{space.description}</p> : null}
      </PageHeading>
      <section className="mb-14">
        <h2 className="text-lg">
          {version.pruning ? `Pruned: ${version.label}` : 'The full space'}, {formatCount(version.size)}{' '}
          networks
        </h2>
        <p className="mb-6 mt-1 max-w-[80ch] text-sm text-muted">
          {version.pruning?.explanation ??
            (staged ? 'A leaf is a block that the layer may take; a hollow leaf leaves the layer out.' : '')}
          {version.pruning && staged ? ' A leaf is kept; a copper cut was removed.' : ''}
        </p>
        <SpaceFiles version={version.id} />
        <EspalierDrawing storeys={version.storeys} layers={layers} inputShape={version.inputShape} />
      </section>
      <VersionList space={space} current={version.id} query={{ version: chosen, versions }} />
      <Suspense fallback={<ListSkeleton rows={8} />}>
        <SpaceProfile
          profiles={profiles}
          layers={layers}
          address={`${space.team.slug}/${space.name}`}
          spaceId={space.id}
        />
      </Suspense>
      <Suspense>
        <StartProfile spaceId={space.id} versionId={space.currentVersion.id} />
      </Suspense>
      <p className="mt-12 text-sm text-muted">
        Content hash <code className="font-mono [overflow-wrap:anywhere]">{version.contentHash}</code>
      </p>
    </>
  );
}

/** The version that is drawn: to take away, to begin another space with, to search. */
function SpaceFiles({ version }: { version: string }) {
  const id = encodeURIComponent(version);
  return (
    <p className="mb-8 flex flex-wrap gap-2">
      {['YAML', 'JSON'].map((format) => (
        <a
          key={format}
          className="chip"
          href={`/api/spaces/export?version=${id}&format=${format}`}
          aria-label={`This version as ${format}`}
          download
        >
          {format}
        </a>
      ))}
      <Link className="chip" href={`/spaces/new?from=${id}`}>
        Edit a copy
      </Link>
      <Link className="chip" href={`/runs/new?version=${id}`}>
        Search it
      </Link>
    </p>
  );
}
