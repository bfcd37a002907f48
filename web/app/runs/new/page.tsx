import Link from 'next/link';
import { notFound } from 'next/navigation';
import { EmptyState } from '@/components/empty-state';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { formatSize, plural } from '@/components/quantity';
import { samplerNames } from '@/components/sampler-words';
import { SignInFirst } from '@/components/sign-in-first';
import { StartSearchForm } from '@/components/start-search-form';
import {
  SearchChoicesDocument,
  SearchedVersionDocument,
  type SearchChoicesQuery,
  type SearchedVersionQuery,
} from '@/graphql/generated/documents';
import { ask, isMissing } from '@/server/api';
import { readViewer } from '@/server/viewer';

export const metadata = { title: 'Search a space' };

type Version = Extract<NonNullable<SearchedVersionQuery['node']>, { __typename: 'SpaceVersion' }>;

/** A search to start, over the version that `?version=` names. */
export default async function NewSearchPage({ searchParams }: PageProps<'/runs/new'>) {
  const { version: id } = await searchParams;
  if (typeof id !== 'string') notFound();
  const { team } = await readViewer();
  const path = `/runs/new?version=${encodeURIComponent(id)}`;
  if (!team) return <SignInFirst title="Search a space" path={path} />;
  const found = await ask(SearchedVersionDocument, { id });
  if (!found.ok && isMissing(found.failure)) notFound();
  if (!found.ok) return <FailureNotice failure={found.failure} title="This version could not be loaded" />;
  const version = found.data.node;
  if (version?.__typename !== 'SpaceVersion') notFound();
  const answer = await ask(SearchChoicesDocument, { spaceId: version.space.id });
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="The form could not be loaded" />;
  return (
    <>
      <PageHeading title={`Search ${version.space.name}`}>
        <Link
          className="link"
          href={`/spaces/${version.space.team.slug}/${version.space.name}?version=${encodeURIComponent(id)}`}
        >
          {version.pruning ? `Pruned: ${version.label}` : 'The full space'}
        </Link>
        , {formatSize(version.size)} networks
      </PageHeading>
      <Offer version={version} choices={answer.data} />
    </>
  );
}

function Offer({ version, choices }: { version: Version; choices: SearchChoicesQuery }) {
  const { name, team } = version.space;
  const root = version.parent?.id ?? version.id;
  const sources = choices.accuracySources.nodes.filter((source) => source.spaceVersion.id === root);
  const profiles = [...choices.deviceProfiles.nodes].sort((a, b) => Number(b.pinned) - Number(a.pinned));
  if (profiles.length === 0)
    return (
      <EmptyState title="A search needs latencies" command={`espalier profile start ${team.slug}/${name}`}>
        No device has been profiled for this space.
      </EmptyState>
    );
  if (sources.length === 0)
    return (
      <EmptyState title="A search needs accuracies" command="espalier accuracy --help">
        No accuracy source knows this space: a table, a predictor, a supernet or a trainer of your own.
      </EmptyState>
    );
  return (
    <StartSearchForm
      version={{
        id: version.id,
        size: version.size,
        prunedByEvaluations: version.pruning?.evaluationCount ?? 0,
      }}
      samplers={choices.samplers.filter((sampler) => isPossible(sampler.kind, version))}
      profiles={profiles.map(({ id, target }) => ({
        id,
        words: `${target.processor} · ${target.precision} · ${plural(target.threads, 'thread')} · batch ${target.batch}`,
      }))}
      sources={sources.map((source) => ({
        id: source.id,
        words: `${source.name} · ${source.task.name}`,
        unit: source.task.unit,
      }))}
      runs={earlierRuns(choices, version.space.id)}
    />
  );
}

/** What cannot be done in any case is not offered; the rest the API says. */
const isPossible = (kind: SearchChoicesQuery['samplers'][number]['kind'], { pruning }: Version): boolean =>
  kind !== 'REPRUNING_EVOLUTION' || pruning?.rule === 'BLOCK_EFFECT';

const earlierRuns = ({ searchRuns }: SearchChoicesQuery, spaceId: string) =>
  searchRuns.nodes
    .filter((run) => run.evaluations > 0 && run.spaceVersion.space.id === spaceId)
    .map((run) => ({
      id: run.id,
      words: `${samplerNames[run.sampler]}, seed ${run.seed}, ${run.spaceVersion.label}: ${plural(run.evaluations, 'evaluation')}`,
      evaluations: run.evaluations,
      profile: run.deviceProfile.id,
      source: run.accuracySource.id,
    }));
