import { EntitySchema } from 'typeorm';
import type {
  ComparisonIndicator,
  ComparisonNormalisation,
  EffectMagnitude,
  PruningRule,
  RunStatus,
  SamplerKind,
  Visibility,
} from '../../graphql/generated/resolvers.js';

/** Over seeds at each checkpoint; null where fewer than half of the runs got that far, the deviation also of one run. */
export interface Band {
  median: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  mean: (number | null)[];
  standardDeviation: (number | null)[];
}

/** What holds with 95 %; null is without bound: too few runs got there. */
export interface StoredInterval {
  low: number | null;
  high: number | null;
}

export interface PlanePoint {
  accuracy: number;
  latencyMs: number;
}

export interface FrontierPoint extends PlanePoint {
  encoding: number[];
}

/** When a group has what the baseline has after the target's evaluations. */
export interface Arrival {
  indicator: ComparisonIndicator;
  evaluations: number | null;
  interval: StoredInterval | null;
  seeds: number;
  speedup: number | null;
  speedupInterval: StoredInterval | null;
}

/** A group against the baseline at a checkpoint. */
export interface StoredTest {
  indicator: ComparisonIndicator;
  evaluations: number;
  pValue: number;
  /** By Holm over the groups. */
  adjustedPValue: number;
  /** Above 0 the group's values tend to be larger. */
  cliffsDelta: number;
  magnitude: EffectMagnitude;
}

/** Non-dominated points that some, half and all runs attain, fastest first. */
export interface StoredAttainment {
  best: PlanePoint[];
  median: PlanePoint[];
  worst: PlanePoint[];
}

/** A group of a comparison: what was asked for and what was computed. */
export interface ComparisonGroupResult {
  label: string;
  runIds: string[];
  rule: PruningRule | null;
  ratio: number | null;
  samplers: SamplerKind[];
  spaceSize: string;
  gd: Band;
  gdPlus: Band;
  igd: Band;
  igdPlus: Band;
  hypervolumeRatio: Band;
  epsilon: Band;
  arrivals: Arrival[];
  tests: StoredTest[];
  attainment: StoredAttainment;
  frontier: FrontierPoint[];
}

/** Where the unit of the distances is 0 and 1. */
export interface ObjectiveRange {
  bestAccuracy: number;
  worstAccuracy: number;
  fastestMs: number;
  slowestMs: number;
}

export interface ComparisonResult {
  groups: ComparisonGroupResult[];
  checkpoints: number[];
  reference: string;
  referenceFront: FrontierPoint[];
  /** Null in what was stored before ranges were. */
  range: ObjectiveRange | null;
  targetIgdPlus: number | null;
  targetGd: number | null;
  /** After how many evaluations of each run the attainment surfaces are; null where there are none. */
  attainmentEvaluations: number | null;
  verdict: string[];
}

/** What was asked for. */
export interface ComparisonRequest {
  groups: { label: string; runIds: string[] }[];
  baseline: string | null;
  targetEvaluations: number;
  /** Null: the second paper's, as far as the runs go. */
  columns: number[] | null;
  normalisation: ComparisonNormalisation;
  /** UUIDs of what judges every network of every run. */
  deviceProfileId: string;
  accuracySourceId: string;
}

/** Several searches side by side, computed once. */
export interface ComparisonRow {
  id: string;
  teamId: string;
  visibility: Visibility;
  name: string;
  spaceId: string;
  taskId: string;
  targetId: string;
  /** QUEUED, SUCCEEDED or FAILED. */
  status: RunStatus;
  error: string | null;
  /** Null in what was stored before requests were. */
  request: ComparisonRequest | null;
  /** As stored, perhaps by an earlier version: read it with `resultOf`. Null until it is computed. */
  result: unknown;
  createdAt: Date;
}

export const ComparisonEntity = new EntitySchema<ComparisonRow>({
  name: 'Comparison',
  tableName: 'comparisons',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    visibility: { type: 'enum', enum: ['PRIVATE', 'PUBLIC'], enumName: 'visibility' },
    name: { type: 'text' },
    spaceId: { name: 'space_id', type: 'uuid' },
    taskId: { name: 'task_id', type: 'uuid' },
    targetId: { name: 'target_id', type: 'uuid' },
    status: {
      type: 'enum',
      enum: ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED'],
      enumName: 'run_status',
      default: 'QUEUED',
    },
    error: { type: 'text', nullable: true },
    request: { type: 'jsonb', nullable: true },
    result: { type: 'jsonb', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});
