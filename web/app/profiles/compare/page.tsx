import Link from 'next/link';
import { notFound } from 'next/navigation';
import { divergingColours } from '@/charts/colour-ramp';
import { HeatTable, type HeatValue } from '@/components/block-heat-map';
import { FailureNotice } from '@/components/failure-notice';
import { PageHeading } from '@/components/page-heading';
import { ProfileTable } from '@/components/profile-table';
import { formatMs } from '@/components/quantity';
import {
  CompareProfilesDocument,
  DeviceProfileDocument,
  DeviceProfilesDocument,
  type CompareProfilesQuery,
  type ProfileRowFragment,
} from '@/graphql/generated/documents';
import { ask, isMissing } from '@/server/api';

export const metadata = { title: 'Compare profiles' };

/** Two profiles block by block, or, with one, what it can be held against. */
export default async function ComparePage({ searchParams }: PageProps<'/profiles/compare'>) {
  const { a, b } = await searchParams;
  if (typeof a !== 'string') notFound();
  if (typeof b !== 'string') return <ChooseOther id={a} />;
  const answer = await ask(CompareProfilesDocument, { a, b });
  if (!answer.ok && answer.failure.code === 'NOT_FOUND') notFound();
  if (!answer.ok) return <FailureNotice failure={answer.failure} title="These cannot be compared" />;
  return <Comparison comparison={answer.data.compareProfiles} />;
}

async function ChooseOther({ id }: { id: string }) {
  const answer = await ask(DeviceProfileDocument, { id });
  if (!answer.ok && isMissing(answer.failure)) notFound();
  if (!answer.ok) return <FailureNotice failure={answer.failure} />;
  const profile = answer.data.node;
  if (profile?.__typename !== 'DeviceProfile') notFound();
  const all = await ask(DeviceProfilesDocument, { first: 100 });
  if (!all.ok) return <FailureNotice failure={all.failure} />;
  const others = all.data.deviceProfiles.nodes.filter(
    (each) => each.id !== id && each.space.name === profile.space.name,
  );
  return (
    <>
      <PageHeading title={`Compare ${profile.target.name}`}>
        {others.length === 0
          ? 'There is no other profile of this space to hold it against.'
          : 'Choose what to hold it against.'}
      </PageHeading>
      {others.length === 0 ? null : <ProfileTable profiles={others} compareWith={id} />}
    </>
  );
}

function Comparison({ comparison }: { comparison: CompareProfilesQuery['compareProfiles'] }) {
  const { a, b, ratios, movers, medianRatio } = comparison;
  const layers = a.spaceVersion.stages.flatMap((stage) => stage.layers);
  const centre = medianRatio ?? 1;
  const valueOf = (layer: number, choice: number): HeatValue | null => {
    const ratio = ratios[layer]?.[choice];
    if (ratio == null) return null;
    // Four times slower or faster than the median is the end of the ramp.
    return {
      text: (ratio / centre).toFixed(2),
      colours: divergingColours(0.5 - Math.log2(ratio / centre) / 4),
    };
  };
  const shown = layers.filter(({ kind }) => kind === 'LAYER' || kind === 'EDGE');
  return (
    <>
      <PageHeading title={correlationSentence(comparison)}>
        <NameOf profile={a} /> against <NameOf profile={b} />, {comparison.count} blocks of {a.space.name}.
        {comparison.kendallTau === null ? '' : ` Kendall τ ${comparison.kendallTau.toFixed(3)}.`}
        {medianRatio === null
          ? ''
          : ` The second takes ${medianRatio.toFixed(2)} times as long as the first in the median.`}
      </PageHeading>
      <section className="mb-12">
        <h2 className="text-lg">Where they differ</h2>
        <p className="mb-4 mt-1 max-w-[80ch] text-sm text-muted">
          Second ÷ first, divided by the median ratio: green blocks are faster on the second than blocks are
          in general, copper ones slower.
        </p>
        <HeatTable title="ratio ÷ median ratio" layers={shown} valueOf={valueOf} />
      </section>
      <section>
        <h2 className="mb-3 text-lg">Farthest from the median</h2>
        <div className="table-scroll" role="region" aria-label="Biggest movers" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Layer</th>
                <th scope="col">Block</th>
                <th scope="col" className="number">
                  First, ms
                </th>
                <th scope="col" className="number">
                  Second, ms
                </th>
                <th scope="col" className="number">
                  Against the median
                </th>
              </tr>
            </thead>
            <tbody>
              {movers.map(({ layer, choice, aMs, bMs, relative }) => (
                <tr key={`${layer} ${choice}`}>
                  <th scope="row">{layers[layer]?.name}</th>
                  <td>{layers[layer]?.choices[choice]?.label}</td>
                  <td className="number">{formatMs(aMs)}</td>
                  <td className="number">{formatMs(bMs)}</td>
                  <td className="number">{againstMedian(relative)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}

function NameOf({ profile }: { profile: ProfileRowFragment }) {
  return (
    <Link className="link" href={`/profiles/${encodeURIComponent(profile.id)}`}>
      {profile.target.name}, version {profile.version} by {profile.team.name}
    </Link>
  );
}

function correlationSentence({ spearman, kendallTau }: CompareProfilesQuery['compareProfiles']): string {
  if (spearman === null || kendallTau === null) return 'Too few blocks to compare';
  const figures = `Spearman ${spearman.toFixed(3)}`;
  if (spearman >= 0.99) return `Both rank the blocks alike: ${figures}`;
  if (spearman >= 0.9) return `They agree on most blocks: ${figures}`;
  return `They rank the blocks differently: ${figures}`;
}

function againstMedian(relative: number): string {
  if (Math.abs(Math.log(relative)) < 0.005) return 'like the others';
  return relative > 1 ? `${relative.toFixed(2)} times slower` : `${(1 / relative).toFixed(2)} times faster`;
}
