import type { Evaluated } from '../search/sampler.js';
import { PruningError, type PerChoice } from './rule.js';
import type { RuleSettings } from './settings.js';

/** What is known of a space's choices when a rule decides; each rule says what it needs (`evidenceFor`). */
export interface Evidence {
  /** Parameters of each choice's block. */
  readonly params?: PerChoice | undefined;
  /** A profile's table, milliseconds. */
  readonly latencyMs?: PerChoice | undefined;
  /** Half of the 95 % interval of each latency, milliseconds, where the profile has one. */
  readonly latencyHalfWidthMs?: PerChoice | undefined;
  /** Networks of the root space drawn uniformly, with what they came to: error in percent, latency in milliseconds. */
  readonly evaluated?: readonly Evaluated[] | undefined;
  readonly baseNetworks?: BaseNetworkEvidence | undefined;
}

/** Base networks (`baseNetworksOf`) with error in percent and end-to-end latency; the first, of typical choices, must be there. */
export type BaseNetworkEvidence = readonly Evaluated[];

export type EvidenceKind = 'PARAMS' | 'LATENCY' | 'EVALUATIONS' | 'BASE_NETWORKS';

/** What a rule cannot do without. */
export function evidenceFor(settings: RuleSettings): ReadonlySet<EvidenceKind> {
  switch (settings.rule) {
    case 'EFFICIENCY':
      return new Set<EvidenceKind>(['PARAMS', 'LATENCY']);
    case 'BLOCK_EFFECT':
    case 'EFFECT_OUTLIERS':
      return new Set<EvidenceKind>(['LATENCY', 'EVALUATIONS']);
    case 'BASE_NETWORK_COST':
      return new Set<EvidenceKind>(['BASE_NETWORKS']);
    case 'RANDOM':
    case 'MANUAL':
      return new Set();
    case 'INTERSECTION':
    case 'UNION':
      return new Set(settings.of.flatMap((part) => [...evidenceFor(part)]));
  }
}

const WORDS: Readonly<Record<EvidenceKind, string>> = {
  PARAMS: 'the parameters of each block',
  LATENCY: 'the latency of each block on a device',
  EVALUATIONS: 'networks whose accuracy is known',
  BASE_NETWORKS: 'accuracy and latency of the base networks',
};

/** The evidence of a kind; PruningError PRUNING_MISSING_EVIDENCE when there is none. */
export function needed<T extends { readonly length: number }>(
  found: T | undefined,
  kind: EvidenceKind,
  who: string,
): T {
  if (found === undefined || found.length === 0)
    throw new PruningError('PRUNING_MISSING_EVIDENCE', `${who} needs ${WORDS[kind]}`);
  return found;
}
