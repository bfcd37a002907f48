import { availableParallelism } from 'node:os';
import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import type { Platform } from '../../platform/platform.js';
import { SearchRunEntity } from './entities.js';
import type { AccuracyFeature } from '../accuracy/index.js';
import { AskedTrialEntity } from './external/entities.js';
import { searchesResolvers } from './resolvers.js';
import { runSearchJob } from './run-search.js';
import { searchThreads } from './threads/search-threads.js';

export {
  architectureCount,
  architectureKey,
  eachArchitecture,
  type Architecture,
  type ArchitectureList,
} from './architectures.js';
export { objectivesBy, type Objectives } from './objectives.js';
export { revealRuns } from './reveal.js';
export { subjects, succeededRuns, type SucceededRuns } from './succeeded-runs.js';
export { accuraciesOf, architecturesOf, frontierOf, packedColumns } from './trials.js';

/** Search runs and their trials. Accuracies are the accuracy feature's. */
export function searchesFeature(
  platform: Platform,
  { answersOf }: Pick<AccuracyFeature, 'answersOf'>,
): Feature {
  return {
    resolvers: searchesResolvers(platform),
    entities: [SearchRunEntity, AskedTrialEntity],
    nodes: {
      SearchRun: (tx, ids) => rowsById(tx, SearchRunEntity, ids),
      AskedTrial: (tx, ids) => rowsById(tx, AskedTrialEntity, ids),
    },
    jobs: (queue) => {
      const { workerConcurrency } = platform.config;
      const threads = searchThreads(Math.min(workerConcurrency, availableParallelism()));
      queue.work('search', workerConcurrency, (job, signal) =>
        runSearchJob(platform, answersOf, job, signal, threads),
      );
    },
  };
}
