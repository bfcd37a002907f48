import { predictLatency } from '@espalier/nas/profile';
import { errorLimit, violation, type Limit } from '@espalier/nas/search';
import type { Encoding, SearchSpace } from '@espalier/nas/space';
import type { DeviceProfileRow } from '../profiles/entities.js';
import { networkCost } from '../spaces/network-cost.js';
import type { RunLimits } from './limits.js';

/** Whether networks have to be counted for these limits. */
export const needsCosts = (limits: RunLimits | null): boolean =>
  limits?.paramCount !== undefined || limits?.macs !== undefined;

/**
 * Limits as samplers take them; all but the accuracy are known before an evaluation. `buildable` has the models that the space
 * is made of; only limits that need costs read it.
 */
export function limitsIn(
  limits: RunLimits | null,
  { latencyTable }: Pick<DeviceProfileRow, 'latencyTable'>,
  buildable: SearchSpace,
): readonly Limit[] {
  const { latencyMs, accuracy, paramCount, macs } = limits ?? {};
  const known = (name: string, atMost: number | undefined, of: Limit['of']): Limit[] =>
    atMost === undefined ? [] : [{ name, atMost, of, isKnownBefore: true }];
  return [
    ...known('latencyMs', latencyMs, (choices) => predictLatency(latencyTable, Array.from(choices))),
    ...(accuracy === undefined ? [] : [errorLimit(100 - accuracy)]),
    ...known('paramCount', paramCount, (choices) => networkCost(buildable, Array.from(choices)).params),
    ...known('macs', macs, (choices) => networkCost(buildable, Array.from(choices)).macs),
  ];
}

export const isWithin = (
  limits: readonly Limit[],
  encoding: Encoding,
  accuracy: number,
  latencyMs: number,
): boolean => violation(limits, encoding, { error: 100 - accuracy, latencyMs }) === 0;
