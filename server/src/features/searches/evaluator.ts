import { predictLatency } from '@espalier/nas/profile';
import type { ParsedSpace } from '@espalier/nas/format';
import type { Limit } from '@espalier/nas/search';
import type { Encoding } from '@espalier/nas/space';
import type { Answers } from '../accuracy/index.js';
import type { DeviceProfileRow } from '../profiles/entities.js';
import type { SpaceVersionRow } from '../spaces/entities.js';

/** What a search needs to know of its space: accuracies, latencies as a sum, and what bounds both. */
export interface Evaluator {
  readonly parsed: ParsedSpace;
  readonly answers: Answers;
  readonly profile: DeviceProfileRow;
  readonly limits: readonly Limit[];
  latencyOf(encoding: Encoding): number;
}

export function evaluatorOf(
  parsed: ParsedSpace,
  profile: DeviceProfileRow,
  limits: readonly Limit[],
  answers: Answers,
): Evaluator {
  return {
    parsed,
    answers,
    profile,
    limits,
    latencyOf: (encoding) => predictLatency(profile.latencyTable, encoding),
  };
}

/** The unpruned version that a version goes back to: encodings, profiles and accuracies refer to it. */
export const rootOf = (version: SpaceVersionRow): string => version.parentId ?? version.id;
