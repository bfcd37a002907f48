import type { Encoding, SearchSpace } from '@espalier/nas/space';
import type { TeamId } from '../../platform/database/tenancy.js';
import { EspalierError } from '../../platform/errors.js';
import type { Platform } from '../../platform/platform.js';
import type { AccuracySourceRow, PredictorDefinition } from './entities.js';
import type { AccuracyLookup, LookupOf } from './lookup.js';
import { openPredictor, PREDICTOR_BATCH, type Predictor } from './predictor/session.js';
import { computedOnce } from './supernet/computed-accuracies.js';
import type { EvaluatorOf } from './supernet/evaluators.js';
import type { TableOf } from './tables/open-tables.js';

/** How a source answers for architectures, in the task's unit. */
export type Answers =
  | {
      readonly kind: 'LOOKED_UP';
      /** At once. */
      readonly accuracyOf: AccuracyLookup;
      /** The table file that it reads, in memory that threads share; absent where something else answers. */
      readonly table?: Uint8Array;
    }
  | {
      readonly kind: 'COMPUTED';
      /** Architectures to ask for at a time. A search asks for as many before it learns from any of them. */
      readonly batch: number;
      /** In the order given. Rejects with the reason of `signal` when that is aborted meanwhile. */
      readonly accuraciesOf: (
        encodings: readonly Encoding[],
        signal: AbortSignal,
      ) => Promise<readonly number[]>;
    };

/** Answers of a source for a team's work in a space. CONFLICT where only trainers can tell. */
export type AnswersOf = (source: AccuracySourceRow, space: SearchSpace, teamId: TeamId) => Promise<Answers>;

export interface AnswerParts {
  readonly tableOf: TableOf;
  readonly lookupOf: LookupOf;
  readonly evaluatorOf: EvaluatorOf;
}

export function sourceAnswers(
  platform: Platform,
  { tableOf, lookupOf, evaluatorOf }: AnswerParts,
): AnswersOf {
  const predictorOf = predictors(platform);
  return async (source, space, teamId) => {
    switch (source.kind) {
      case 'TABLE':
        return {
          kind: 'LOOKED_UP',
          accuracyOf: await lookupOf(source, space),
          table: (await tableOf(source, space)).bytes,
        };
      case 'PREDICTOR': {
        if (source.definition?.kind !== 'PREDICTOR') throw incomplete(source);
        const predict = await predictorOf(source.definition, space);
        return { kind: 'COMPUTED', batch: PREDICTOR_BATCH, accuraciesOf: predict };
      }
      case 'SUPERNET': {
        const evaluator = await evaluatorOf(source, space);
        const { contentKey } = source;
        if (!evaluator || !contentKey) throw incomplete(source);
        return {
          kind: 'COMPUTED',
          batch: 1,
          async accuraciesOf(encodings, signal) {
            const accuracies: number[] = [];
            for (const encoding of encodings)
              accuracies.push(
                await computedOnce(platform, { teamId, contentKey }, encoding, () =>
                  evaluator.accuracy(encoding, signal),
                ),
              );
            return accuracies;
          },
        };
      }
      case 'EXTERNAL':
        throw new EspalierError('CONFLICT', `Only trainers can tell the accuracies of ${source.name}.`);
    }
  };
}

const incomplete = ({ name }: AccuracySourceRow): EspalierError =>
  new EspalierError('CONFLICT', `The accuracy source ${name} has nothing to compute with.`);

/** Sessions kept. */
const REMEMBERED = 8;

/** A process loads each model once. */
function predictors({
  blobs,
}: Platform): (definition: PredictorDefinition, space: SearchSpace) => Promise<Predictor> {
  const sessions = new Map<string, Promise<Predictor>>();
  return (definition, space) => {
    const key = JSON.stringify([space.name, definition]);
    const session =
      sessions.get(key) ??
      blobs.get(definition.model).then((bytes) => openPredictor(bytes, space, definition));
    session.catch(() => sessions.delete(key));
    sessions.delete(key);
    sessions.set(key, session);
    const [oldest] = sessions.keys();
    if (sessions.size > REMEMBERED && oldest !== undefined) sessions.delete(oldest);
    return session;
  };
}
