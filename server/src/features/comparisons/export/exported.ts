import type { TaskRow } from '../../accuracy/entities.js';
import type { HardwareTargetRow } from '../../devices/entities.js';
import type { SearchSpaceRow } from '../../spaces/entities.js';
import type { ComparisonRequest, ComparisonResult } from '../entities.js';

/** A comparison with what it is about, ready to be written out. */
export interface Exported {
  readonly name: string;
  readonly createdAt: Date;
  readonly space: Pick<SearchSpaceRow, 'name'>;
  readonly task: Pick<TaskRow, 'name' | 'dataset' | 'metric' | 'unit'>;
  readonly target: Pick<HardwareTargetRow, 'name' | 'fingerprint'>;
  readonly asked: Pick<ComparisonRequest, 'baseline' | 'targetEvaluations' | 'normalisation'>;
  readonly result: ComparisonResult;
}
