import type { LatencyTable } from '@espalier/nas/profile';
import { absentChoice, positionsOf, type SearchSpace } from '@espalier/nas/space';
import { mean } from '@espalier/nas/stats';
import type { OfaMeasurements } from '../ofa/measured-networks.js';
import { NOTE10_BLOCKS_MS, NOTE10_FIXED_MS, NPU_RESPONSES_MS } from './published-tables.js';

export interface Device {
  readonly name: 'i7-8700k' | 'note10' | 'npu';
  readonly table: LatencyTable;
}

/**
 * The three devices that the claims are tried on: an i7-8700K, measured in this space; a Note10, measured at width 1.2, so that its
 * blocks are wider than those whose accuracy is known; and an NPU of which only the mean latency of networks with each block is
 * published: `responseTable` of that.
 */
export function devicesOf({ space, latency }: OfaMeasurements): readonly Device[] {
  return [
    { name: 'i7-8700k', table: latency },
    { name: 'note10', table: { layers: note10Layers(space), fixedMs: NOTE10_FIXED_MS } },
    { name: 'npu', table: responseTable(space, NPU_RESPONSES_MS) },
  ];
}

function note10Layers(space: SearchSpace): LatencyTable['layers'] {
  const layers = NOTE10_BLOCKS_MS.flatMap(([first, other]) => [first, other, other, other]);
  return positionsOf(space).map((position, at) =>
    position.choices.map((_, choice) => (choice === absentChoice(position) ? 0 : (layers[at]?.[choice] ?? NaN))),
  ); // prettier-ignore
}

/** The chance that a block held at a layer is there in the networks that the published responses are means of (`released`). */
const PRESENT = (1 + 1 + 2 / 3 + 1 / 3) / 4;

/** Layers of a mean network: five units of three. */
const MEAN_LAYERS = 15;

/**
 * The additive device whose blocks take the same time at every layer and that has these block responses under the released
 * depth guard, up to their mean. No measurement: it keeps how the device ranks blocks, and nothing about where they stand.
 */
export function responseTable(space: SearchSpace, responsesMs: readonly number[]): LatencyTable {
  const centre = mean(responsesMs);
  const blocks = responsesMs.map((ms) => centre / MEAN_LAYERS + (ms - centre) / PRESENT);
  return {
    layers: positionsOf(space).map(({ choices }) => choices.map((_, choice) => blocks[choice] ?? 0)),
    fixedMs: 0,
  };
}
