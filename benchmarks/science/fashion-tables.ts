import { fashionBlox, fashionMobile, type SearchSpace } from '@espalier/nas/space';
import { readAccuracyTable, type FashionSpaceName } from '../fashion/index.js';
import { measuredLatency, MEASURED_TARGETS, type SpaceLatency } from './latencies.js';
import { additivelyTabulated, type TabulatedSpace } from './tabulated.js';

/** Both Fashion spaces on every target that their blocks were measured on: true accuracies, additive latencies. */
export function fashionTables(): readonly TabulatedSpace[] {
  return [fashionMobile, fashionBlox].flatMap((space) =>
    MEASURED_TARGETS.flatMap((target) => {
      const latency = measuredLatency(space, target);
      return latency === null ? [] : [fashionTable(latency, target)];
    }),
  );
}

/** All networks of a Fashion space with their true accuracy and additive latency, and the front of all. */
export function fashionTable(latency: SpaceLatency, target = 'given'): TabulatedSpace {
  const { hundredths } = readAccuracyTable(fashionName(latency.space));
  const error = Float64Array.from(hundredths, (accuracy) => 100 - accuracy / 100);
  return additivelyTabulated(target, error, latency);
}

function fashionName({ name }: SearchSpace): FashionSpaceName {
  if (name === 'fashion-mobile' || name === 'fashion-blox') return name;
  throw new Error(`${name} is no Fashion space: it has no table of accuracies`);
}
