import type { Limit } from '@espalier/nas/search';
import type { SearchSpace } from '@espalier/nas/space';
import type { SearchLimitsInput } from '../../graphql/generated/resolvers.js';
import { checkedNumber } from '../../graphql/input-checks.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { badInput } from '../../platform/errors.js';
import type { DeviceProfileRow } from '../profiles/entities.js';
import type { SpaceVersionRow } from '../spaces/entities.js';
import { buildableSpace } from '../spaces/index.js';
import { parsedSpace } from '../spaces/parsed-space.js';
import { limitsIn, needsCosts } from './run-limits.js';

/** What bounds the networks of a run, those that were given; null for a run without. */
export type RunLimits = Readonly<Partial<Record<keyof typeof RANGES, number>>>;

/** Least and most that a limit may be: milliseconds, the task's unit, trainable parameters, multiply-accumulates. */
const RANGES = {
  latencyMs: [1e-6, 1e9],
  accuracy: [0, 100],
  paramCount: [1, 1e15],
  macs: [1, 1e18],
} as const;

const NAMES = Object.keys(RANGES) as (keyof typeof RANGES)[];

/** BAD_INPUT for a limit out of range and for limits that hold none. */
export function checkedLimits(given: SearchLimitsInput | null | undefined): RunLimits | null {
  if (given == null) return null;
  const entries = NAMES.flatMap((name) => {
    const value = given[name];
    const [least, most] = RANGES[name];
    return value == null ? [] : [[name, checkedNumber(`input.limits.${name}`, value, least, most)] as const];
  });
  if (entries.length === 0)
    throw badInput('input.limits', `Expected at least one limit: ${NAMES.join(', ')}.`);
  return Object.fromEntries(entries);
}

/** As samplers take them. Networks have to be built to be counted, for which a space needs the models that it is made of. */
export async function limitsOf(
  blobs: BlobStore,
  limits: RunLimits | null,
  version: SpaceVersionRow,
  profile: DeviceProfileRow,
): Promise<readonly Limit[]> {
  return limitsIn(limits, profile, await buildableIn(blobs, limits, version));
}

/** The space as `limitsIn` needs it. */
export async function buildableIn(
  blobs: BlobStore,
  limits: RunLimits | null,
  version: SpaceVersionRow,
): Promise<SearchSpace> {
  return needsCosts(limits) ? (await buildableSpace(blobs, version)).space : parsedSpace(version).space;
}
