import { predictLatency } from '@espalier/nas/profile';
import type { Evidence, EvidenceKind, PerChoice } from '@espalier/nas/prune';
import { baseNetworksOf, encodingKey, type Encoding, type SearchSpace } from '@espalier/nas/space';
import { badInput } from '../../platform/errors.js';
import type { AccuracySourceRow } from '../accuracy/entities.js';
import type { Answers } from '../accuracy/index.js';
import type { DeviceProfileRow } from '../profiles/entities.js';
import { blockCostsOf } from '../spaces/index.js';
import { baseNetworkLatencies } from './base-network-latencies.js';
import { evaluationsOf, knows, randomNetworks, type Evaluation } from './evaluated-networks.js';

/** What evidence is taken from; `prefix` is what the path of a field in the request begins with. */
export interface EvidenceRequest {
  readonly prefix: string;
  readonly space: SearchSpace;
  readonly needs: ReadonlySet<EvidenceKind>;
  readonly profile: DeviceProfileRow | null;
  readonly source: AccuracySourceRow | null;
  /** Random networks to evaluate, and the seed that draws them. */
  readonly count: number;
  readonly seed: number;
  readonly answersOf: (source: AccuracySourceRow) => Promise<Answers>;
}

/** Evidence with what it cost: networks evaluated for it, random ones in the order drawn, then base networks. */
export interface GatheredEvidence {
  readonly evidence: Evidence;
  readonly evaluations: readonly Evaluation[];
  /** Where latencies of base networks come from, in words; empty where none were asked for. */
  readonly note: string;
}

/** Most base networks that one request has evaluated. */
const MOST_BASE_NETWORKS = 5000;

/** What the rules need to know. BAD_INPUT where a profile, a source or what it would have to know is missing. */
export async function gatherEvidence(request: EvidenceRequest): Promise<GatheredEvidence> {
  const { needs, source, profile, prefix } = request;
  const needsAccuracy = needs.has('EVALUATIONS') || needs.has('BASE_NETWORKS');
  if ((needs.has('LATENCY') || needsAccuracy) && !profile)
    throw badInput(`${prefix}deviceProfileId`, 'This rule needs a device profile, and the space has none.');
  if (!needsAccuracy || !profile)
    return { evidence: evidenceWithoutAccuracy(request), evaluations: [], note: '' };
  if (!source) throw badInput(`${prefix}accuracySourceId`, 'This rule needs an accuracy source.');
  return accuraciesOnce(request, source, profile);
}

const evidenceWithoutAccuracy = ({ space, needs, profile }: EvidenceRequest): Evidence => ({
  ...(needs.has('PARAMS') && { params: paramsOf(space) }),
  ...(profile && latenciesOf(profile)),
});

const paramsOf = (space: SearchSpace): PerChoice =>
  blockCostsOf(space).map((layer) => layer.map(({ params }) => params));

function latenciesOf({ latencyTable }: DeviceProfileRow): Evidence {
  const { layers, intervalMs } = latencyTable;
  return {
    latencyMs: layers,
    ...(intervalMs && {
      latencyHalfWidthMs: intervalMs.high.map((layer, at) =>
        layer.map((high, i) => (high - (intervalMs.low[at]?.[i] ?? NaN)) / 2),
      ),
    }),
  };
}

/** Evidence gathered last, by what it follows from: a slider asks the same again and again, and effects are fitted once for each. */
const REMEMBERED = 16;
const gathered = new Map<string, Promise<GatheredEvidence>>();

function accuraciesOnce(
  request: EvidenceRequest,
  source: AccuracySourceRow,
  profile: DeviceProfileRow,
): Promise<GatheredEvidence> {
  const { needs, count, seed } = request;
  const key = JSON.stringify([
    source.id,
    source.blobHash?.toString('hex') ?? null,
    profile.id,
    needs.has('EVALUATIONS') ? [count, seed] : null,
    needs.has('BASE_NETWORKS'),
    needs.has('PARAMS'),
  ]);
  const found = gathered.get(key) ?? accuraciesOf(request, source, profile);
  gathered.delete(key);
  gathered.set(key, found);
  found.catch(() => gathered.delete(key));
  const [oldest] = gathered.keys();
  if (gathered.size > REMEMBERED && oldest !== undefined) gathered.delete(oldest);
  return found;
}

async function accuraciesOf(
  request: EvidenceRequest,
  source: AccuracySourceRow,
  profile: DeviceProfileRow,
): Promise<GatheredEvidence> {
  const { space, needs, count, seed, prefix, answersOf } = request;
  const answers = await answersOf(source);
  const drawn = needs.has('EVALUATIONS') ? randomNetworks(space, count, seed, answers) : [];
  if (needs.has('EVALUATIONS') && drawn.length === 0)
    throw badInput(
      `${prefix}accuracySourceId`,
      `${source.name} knows none of the random networks that the rule learns from.`,
    );
  const base = needs.has('BASE_NETWORKS') ? knownBaseNetworks(space, answers, prefix) : [];
  const evaluations = await evaluationsOf(distinct([...drawn, ...base]), answers);
  const accuracies = new Map(evaluations.map(({ encoding, accuracy }) => [encodingKey(encoding), accuracy]));
  const errorOf = (encoding: Encoding): number => 100 - (accuracies.get(encodingKey(encoding)) ?? NaN);
  const { latencyOf, measured } = baseNetworkLatencies(space, profile);
  return {
    evaluations,
    evidence: {
      ...evidenceWithoutAccuracy(request),
      ...(needs.has('EVALUATIONS') && {
        evaluated: drawn.map((encoding) => ({
          encoding,
          error: errorOf(encoding),
          latencyMs: predictLatency(profile.latencyTable, encoding),
        })),
      }),
      ...(needs.has('BASE_NETWORKS') && {
        baseNetworks: base.map((encoding) => ({
          encoding,
          error: errorOf(encoding),
          latencyMs: latencyOf(encoding),
        })),
      }),
    },
    note: needs.has('BASE_NETWORKS')
      ? `${base.length} base networks, their latencies ${measured ? 'measured end to end' : 'predicted from blocks'}.`
      : '',
  };
}

function knownBaseNetworks(space: SearchSpace, answers: Answers, prefix: string): readonly Encoding[] {
  const all = baseNetworksOf(space);
  if (all.length > MOST_BASE_NETWORKS)
    throw badInput(
      `${prefix}rule`,
      `The space has ${all.length} base networks; at most ${MOST_BASE_NETWORKS} are evaluated for one request.`,
    );
  return all.filter((encoding) => knows(answers, encoding));
}

const distinct = (encodings: readonly Encoding[]): readonly Encoding[] => [
  ...new Map(encodings.map((encoding) => [encodingKey(encoding), encoding])).values(),
];
