import { predictLatency, type LatencyTable } from '@espalier/nas/profile';
import { family, typicalEncoding } from '@espalier/nas/space';
import { accuracyOf, readAccuracyTable } from '../../fashion/accuracy-table.js';
import { measuredLatency } from '../../science/latencies.js';
import { FASHION, type FashionName, type MeasuredLatency } from './measured-latency.js';
import type { EvaluatedFamily } from './selected-spaces.js';

/**
 * The Fashion families on a target whose blocks were measured (science/latencies). Base networks take what the table adds up to, which
 * is what the third paper's table would say of them: it is exact for single swaps.
 */
export function tabledFamilies(target: string): readonly EvaluatedFamily[] {
  return FASHION.map((name) => {
    const latency = measuredLatency(family(name), target);
    if (latency === null) throw new RangeError(`${name} was not measured on ${target}`);
    const table: LatencyTable = { layers: latency.blockLatencyMs, fixedMs: latency.fixedMs };
    const typical = typicalEncoding(family(name));
    return evaluated(name, {
      table,
      baseNetworkMs: predictLatency(table, typical),
      changesMs: table.layers.map((layer, at) => layer.map((ms) => ms - (layer[typical[at] ?? 0] ?? NaN))),
    });
  });
}

/** The families with base networks measured whole, of one seed. */
export function measuredFamilies(measured: readonly MeasuredLatency[]): readonly EvaluatedFamily[] {
  return measured.map((each) => evaluated(each.space, each));
}

function evaluated(
  name: FashionName,
  { table, baseNetworkMs, changesMs }: Pick<EvaluatedFamily, 'table' | 'baseNetworkMs' | 'changesMs'>,
): EvaluatedFamily {
  const accuracies = readAccuracyTable(name);
  return {
    space: family(name),
    accuracyOf: (encoding) => accuracyOf(accuracies, encoding),
    table,
    baseNetworkMs,
    changesMs,
  };
}
