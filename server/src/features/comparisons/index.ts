import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import type { Platform } from '../../platform/platform.js';
import type { LookupOf } from '../accuracy/index.js';
import { runComparisonJob } from './compute.js';
import { ComparisonEntity } from './entities.js';
import { comparisonsResolvers } from './resolvers.js';

/** Groups of search runs held against each other. */
export function comparisonsFeature(platform: Platform, lookupOf: LookupOf): Feature {
  return {
    resolvers: comparisonsResolvers(platform, lookupOf),
    entities: [ComparisonEntity],
    nodes: { Comparison: (tx, ids) => rowsById(tx, ComparisonEntity, ids) },
    // One at a time: the objectives of ten million trials stand in memory.
    jobs: (queue) => queue.work('comparison', 1, (job) => runComparisonJob(platform, lookupOf, job)),
  };
}
