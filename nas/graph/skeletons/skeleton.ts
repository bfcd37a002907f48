import type { NetworkBuilder, Wire } from '../builder.js';

/** The fixed part of a family's networks. `stage` counts from 0; `last` tells that no stage follows. */
export interface Skeleton {
  stem(builder: NetworkBuilder, input: Wire): Wire;
  afterStage(builder: NetworkBuilder, x: Wire, stage: number, last: boolean): Wire;
  head(builder: NetworkBuilder, x: Wire, classes: number): Wire;
}
