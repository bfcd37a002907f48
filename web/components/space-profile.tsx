import Link from 'next/link';
import type { loadProfiles, Version } from '@/server/space';
import { BlockHeatMap } from './block-heat-map';
import { EmptyState } from './empty-state';
import { FailureNotice } from './failure-notice';
import { ProfileQuality } from './profile-card';
import { formatMs, plural } from './quantity';
import { TargetLine } from './target-line';
import { TimeAgo } from './time-ago';

interface SpaceProfileProps {
  profiles: ReturnType<typeof loadProfiles>;
  layers: Version['stages'][number]['layers'];
  /** `team/space`, as the command line names it. */
  address: string;
  spaceId: string;
}

/** The device profile of a space that is used by default: its card and its heat maps. */
export async function SpaceProfile({ profiles, layers, address, spaceId }: SpaceProfileProps) {
  const answer = await profiles;
  if (!answer.ok)
    return <FailureNotice failure={answer.failure} title="The device profiles could not be loaded" />;
  // What the team has pinned, else the newest.
  const profile = answer.data.find(({ pinned }) => pinned) ?? answer.data[0];
  const blocks = layers.reduce((sum, layer) => sum + layer.choices.length, 0);
  const dependent = layers.find(({ kind }) => kind === 'WIDTH' || kind === 'RESOLUTION');
  if (!profile && dependent)
    return (
      <EmptyState title="No device has been profiled for this space">
        What a block costs here depends on {dependent.name}. Keep one choice of every width and of the
        resolution in a pruned version; whole networks can be measured as they are.
      </EmptyState>
    );
  if (!profile)
    return (
      <EmptyState
        title="No device has been profiled for this space"
        command={`espalier profile start ${address}`}
      >
        Profile its {plural(blocks, 'block')} on a device of your team: about two minutes.
      </EmptyState>
    );
  return (
    <section>
      <h2 className="text-lg">Latency on {profile.target.processor}</h2>
      <div className="mt-1 text-sm text-muted">
        <TargetLine target={profile.target} /> · by {profile.team.name} ·{' '}
        <TimeAgo instant={profile.createdAt} />
      </div>
      <div className="mt-5">
        <ProfileQuality quality={profile.quality} />
      </div>
      <p className="mb-4 mt-8 max-w-[80ch] text-sm text-muted">
        Latencies are the {profile.estimator}; every network pays {formatMs(profile.fixedMs)} ms besides its
        blocks. Dark is fast. Copper has fewer and green more parameters per microsecond than the median block
        of its layer.
      </p>
      <p className="mb-6 flex flex-wrap gap-2">
        <Link className="chip" href={`/profiles/${encodeURIComponent(profile.id)}`}>
          The profile’s card
        </Link>
        {answer.data.length > 1 ? (
          <Link className="chip" href={`/profiles?space=${encodeURIComponent(spaceId)}`}>
            {plural(answer.data.length, 'profile')} of this space
          </Link>
        ) : null}
      </p>
      <BlockHeatMap layers={layers} latencyMs={profile.latencyMs} efficiency={profile.efficiency} />
    </section>
  );
}
