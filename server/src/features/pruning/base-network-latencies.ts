import { predictLatency } from '@espalier/nas/profile';
import { encodingKey, typicalEncoding, type Encoding, type SearchSpace } from '@espalier/nas/space';
import type { DeviceProfileRow } from '../profiles/entities.js';

export interface BaseNetworkLatencies {
  /** Milliseconds of a base network, end to end. */
  readonly latencyOf: (encoding: Encoding) => number;
  /** True when they were measured as whole networks, false when they are sums of blocks. */
  readonly measured: boolean;
}

/**
 * What base networks take: a BASE_NETWORKS profile has measured each, any other profile predicts them. A measured profile still
 * predicts those that its constraints kept from being measured.
 */
export function baseNetworkLatencies(
  space: SearchSpace,
  { method, details, latencyTable }: Pick<DeviceProfileRow, 'method' | 'details' | 'latencyTable'>,
): BaseNetworkLatencies {
  const predicted = (encoding: Encoding): number => predictLatency(latencyTable, encoding);
  const typical = typicalEncoding(space);
  const found = method === 'BASE_NETWORKS' ? readDetails(details, encodingKey(typical)) : null;
  if (!found) return { latencyOf: predicted, measured: false };
  return {
    measured: true,
    latencyOf: (encoding) => {
      const swapped = encoding.findIndex((choice, at) => choice !== typical[at]);
      if (swapped < 0) return found.baseNetworkMs;
      const change = found.corrections[swapped]?.[encoding[swapped] ?? -1];
      return typeof change === 'number' ? found.baseNetworkMs + change : predicted(encoding);
    },
  };
}

interface Details {
  readonly baseNetworkMs: number;
  readonly corrections: readonly (readonly (number | null)[])[];
}

/** As the method left them (docs/guides/profiling-methods.md); null when they are of another base network, or not there. */
function readDetails(details: unknown, baseNetwork: string): Details | null {
  if (typeof details !== 'object' || details === null) return null;
  const { baseNetwork: own, baseNetworkMs, corrections } = details as Partial<Record<string, unknown>>;
  return own === baseNetwork && typeof baseNetworkMs === 'number' && Array.isArray(corrections)
    ? { baseNetworkMs, corrections: corrections as Details['corrections'] }
    : null;
}
