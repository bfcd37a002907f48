import { EntitySchema } from 'typeorm';

/** A network evaluated to learn what to prune: the first trials of every search in the pruned space. */
export interface PruningEvaluationRow {
  spaceVersionId: string;
  /** From 1, in the order drawn. */
  ordinal: number;
  teamId: string;
  /** In the unpruned space. */
  encoding: number[];
  /** In the task's unit. */
  accuracy: number;
}

export const PruningEvaluationEntity = new EntitySchema<PruningEvaluationRow>({
  name: 'PruningEvaluation',
  tableName: 'pruning_evaluations',
  columns: {
    spaceVersionId: { name: 'space_version_id', type: 'uuid', primary: true },
    ordinal: { name: 'ordinal', type: 'int', primary: true },
    teamId: { name: 'team_id', type: 'uuid' },
    encoding: { name: 'encoding', type: 'smallint', array: true },
    accuracy: { name: 'accuracy', type: 'double precision' },
  },
});

export const pruningEntities = [PruningEvaluationEntity];
