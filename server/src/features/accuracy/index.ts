import type { RequestContext } from '../../graphql/context.js';
import type { Feature } from '../../graphql/feature.js';
import { rowsById } from '../../graphql/listing.js';
import { notFound } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import { loadChecks } from '../models/index.js';
import type { TrainedWeights } from '../spaces/index.js';
import { sourceAnswers, type AnswersOf } from './answers.js';
import { AccuracySourceEntity, TableImportEntity, TaskEntity } from './entities.js';
import { accuracyLookups, type LookupOf } from './lookup.js';
import { accuracyResolvers } from './resolvers.js';
import { supernetEvaluators } from './supernet/evaluators.js';
import { importTable } from './tables/import-table.js';
import { reportRoute } from './tables/import-views.js';
import { openTables } from './tables/open-tables.js';

export { csvReader } from './tables/csv-reader.js';
export { numberIn } from './tables/number-in.js';
export { TableError } from './tables/row-reader.js';
export type { Answers, AnswersOf } from './answers.js';
export type { AccuracyLookup, LookupOf } from './lookup.js';

export interface AccuracyFeature extends Feature {
  /** Reads a source's table once and answers from memory. */
  readonly lookupOf: LookupOf;
  /** Answers of any source but EXTERNAL: looked up, predicted or evaluated. */
  readonly answersOf: AnswersOf;
  /** The trained weights behind a source. */
  readonly trainedWeightsOf: (ctx: RequestContext, accuracySourceId: string) => Promise<TrainedWeights>;
}

/** Tasks and where accuracies come from. */
export function accuracyFeature(platform: Platform): AccuracyFeature {
  const tableOf = openTables(platform);
  const lookupOf = accuracyLookups(platform, tableOf);
  const evaluatorOf = supernetEvaluators(platform);
  return {
    resolvers: accuracyResolvers(platform, { tableOf, checkLoads: loadChecks() }),
    entities: [TaskEntity, AccuracySourceEntity, TableImportEntity],
    nodes: {
      Task: (tx, ids) => rowsById(tx, TaskEntity, ids),
      AccuracySource: (tx, ids) => rowsById(tx, AccuracySourceEntity, ids),
      TableImport: (tx, ids) => rowsById(tx, TableImportEntity, ids),
    },
    routes: [reportRoute(platform)],
    // One at a time: a table keeps a core busy, and searches run beside it.
    jobs: (queue) => queue.work('tableImport', 1, (job, signal) => importTable(platform, job, signal)),
    lookupOf,
    answersOf: sourceAnswers(platform, { tableOf, lookupOf, evaluatorOf }),
    trainedWeightsOf: async (ctx, id) => {
      const source = await ctx.load('AccuracySource', id);
      if (!source) throw notFound('AccuracySource');
      return async (space, encoding) => {
        const evaluator = await evaluatorOf(source, space);
        return evaluator && (await evaluator.deployedWeights(encoding));
      };
    },
  };
}
