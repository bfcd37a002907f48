import { EntitySchema } from 'typeorm';
import type { AccuracySourceKind, Visibility } from '../../graphql/generated/resolvers.js';

/** Data set and metric that accuracy refers to. */
export interface TaskRow {
  id: string;
  teamId: string;
  visibility: Visibility;
  name: string;
  dataset: string;
  metric: string;
  unit: string;
  createdAt: Date;
}

/** Gives an architecture's accuracy on a task. */
export interface AccuracySourceRow {
  id: string;
  teamId: string;
  taskId: string;
  spaceVersionId: string;
  kind: AccuracySourceKind;
  visibility: Visibility;
  name: string;
  rowCount: number | null;
  complete: boolean;
  /** SHA-256 of the blob with the dense table; null when the accuracies are not a table. */
  blobHash: Buffer | null;
  /** Which bundled weights a SUPERNET evaluates with. */
  bundle: string | null;
  createdAt: Date;
}

export const TaskEntity = new EntitySchema<TaskRow>({
  name: 'Task',
  tableName: 'tasks',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    visibility: { name: 'visibility', type: 'enum', enum: ['PRIVATE', 'PUBLIC'], enumName: 'visibility' },
    name: { name: 'name', type: 'text' },
    dataset: { name: 'dataset', type: 'text' },
    metric: { name: 'metric', type: 'text' },
    unit: { name: 'unit', type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const AccuracySourceEntity = new EntitySchema<AccuracySourceRow>({
  name: 'AccuracySource',
  tableName: 'accuracy_sources',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    taskId: { name: 'task_id', type: 'uuid' },
    spaceVersionId: { name: 'space_version_id', type: 'uuid' },
    kind: { name: 'kind', type: 'enum', enum: ['TABLE', 'SUPERNET'], enumName: 'accuracy_source_kind' },
    visibility: { name: 'visibility', type: 'enum', enum: ['PRIVATE', 'PUBLIC'], enumName: 'visibility' },
    name: { name: 'name', type: 'text' },
    rowCount: { name: 'row_count', type: 'int', nullable: true },
    complete: { name: 'complete', type: 'boolean' },
    blobHash: { name: 'blob_hash', type: 'bytea', nullable: true },
    bundle: { name: 'bundle', type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const accuracyEntities = [TaskEntity, AccuracySourceEntity];
