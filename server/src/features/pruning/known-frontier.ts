import { setImmediate as nextTick } from 'node:timers/promises';
import { nonDominated2d } from '@espalier/nas/pareto';
import { lostFront } from '@espalier/nas/prune';
import type { Evaluated } from '@espalier/nas/search';
import {
  enumerateEncodings,
  isKept,
  spaceSize,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '@espalier/nas/space';
import { predictLatency } from '@espalier/nas/profile';
import type { LostFrontier } from '../../graphql/generated/resolvers.js';
import type { Answers } from '../accuracy/index.js';
import type { AccuracySourceRow } from '../accuracy/entities.js';
import type { DeviceProfileRow } from '../profiles/entities.js';

/** Above this many networks the frontier is not worked out while a request waits. */
export const LARGEST_TABLE = 200_000n;

export interface KnownFrontier {
  /** Every network of the space. */
  readonly networks: readonly Evaluated[];
  readonly front: readonly Evaluated[];
}

/** What a preview compares with, or why it cannot. */
export interface FrontierSources {
  readonly space: SearchSpace;
  readonly source: AccuracySourceRow | null;
  readonly profile: DeviceProfileRow | null;
  readonly answersOf: (source: AccuracySourceRow) => Promise<Answers>;
}

/** How much of the true frontier of the whole space is lost when only `kept` stays. */
export async function lostFrontier(sources: FrontierSources, kept: KeptChoices): Promise<LostFrontier> {
  const { space, source, profile } = sources;
  const unknown = (why: string): LostFrontier => ({
    points: null,
    of: null,
    igdPlus: null,
    hypervolumeRatio: null,
    reference: `The true frontier is not known: ${why}`,
  });
  if (!source) return unknown('no table has the accuracies of all its networks.');
  if (source.kind !== 'TABLE' || !source.complete)
    return unknown(`${source.name} does not hold the accuracies of all networks.`);
  if (!profile) return unknown('the space has no device profile.');
  if (spaceSize(space) > LARGEST_TABLE)
    return unknown(`a space of ${spaceSize(space)} networks is too large to look through.`);
  const { networks, front } = await frontierOf(sources, source, profile);
  const remaining = networks.filter(({ encoding }) => isKept(kept, encoding));
  return {
    ...lostFront(front, kept, frontOf(remaining)),
    of: front.length,
    reference: `The true frontier: ${front.length} of ${spaceSize(space).toLocaleString('en-US')} networks by the accuracies of ${source.name} and predicted latencies; distances are in units of its range.`,
  };
}

/** Frontiers looked through last, by what they follow from. */
const REMEMBERED = 4;
const known = new Map<string, Promise<KnownFrontier>>();

/** Worked out once while a slider moves. */
function frontierOf(
  { space, answersOf }: FrontierSources,
  source: AccuracySourceRow,
  profile: DeviceProfileRow,
): Promise<KnownFrontier> {
  const key = `${source.id} ${source.blobHash?.toString('hex') ?? ''} ${profile.id}`;
  const found = known.get(key) ?? lookThrough(space, profile, () => answersOf(source));
  known.delete(key);
  known.set(key, found);
  found.catch(() => known.delete(key));
  const [oldest] = known.keys();
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
  return found;
}

/** Networks between two looks at the event loop. */
const STRETCH = 10_000;

async function lookThrough(
  space: SearchSpace,
  { latencyTable }: DeviceProfileRow,
  answersOf: () => Promise<Answers>,
): Promise<KnownFrontier> {
  const answers = await answersOf();
  const networks: Evaluated[] = [];
  for (const encoding of enumerateEncodings(space)) {
    networks.push(evaluatedBy(answers, encoding, predictLatency(latencyTable, encoding)));
    if (networks.length % STRETCH === 0) await nextTick();
  }
  return { networks, front: frontOf(networks) };
}

function evaluatedBy(answers: Answers, encoding: Encoding, latencyMs: number): Evaluated {
  const accuracy = answers.kind === 'LOOKED_UP' ? answers.accuracyOf(encoding) : null;
  return { encoding, error: 100 - (accuracy ?? NaN), latencyMs };
}

function frontOf(networks: readonly Evaluated[]): readonly Evaluated[] {
  const indices = nonDominated2d(
    Float64Array.from(networks, ({ error }) => error),
    Float64Array.from(networks, ({ latencyMs }) => latencyMs),
  );
  return Array.from(indices, (i) => networks[i]).filter((network) => network !== undefined);
}
