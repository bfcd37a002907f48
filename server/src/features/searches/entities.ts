import { EntitySchema } from 'typeorm';
import type { RunStatus, SamplerKind, Visibility } from '../../graphql/generated/resolvers.js';
import type { RunLimits } from './limits.js';
import type { SettingValues } from './samplers/setting.js';

/** A search over a space version with one seed. The checkpoint is read by the worker alone. */
export interface SearchRunRow {
  id: string;
  teamId: string;
  visibility: Visibility;
  spaceVersionId: string;
  deviceProfileId: string;
  accuracySourceId: string;
  sampler: SamplerKind;
  /** Those in effect; none for runs from before they were stored, which have the fallbacks. */
  settings: SettingValues;
  limits: RunLimits | null;
  /** The run that this one begins with, and how many evaluations that had then. */
  warmStartRunId: string | null;
  warmStartEvaluations: number;
  /** Whether it evaluates first the front that is predicted from what is known. */
  predictedFront: boolean;
  budget: number;
  priorEvaluations: number;
  seed: number;
  status: RunStatus;
  evaluations: number;
  attempt: number;
  /** Trainers evaluate over the API; no worker takes it. */
  external: boolean;
  error: string | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  publishedAt: Date | null;
}

/** One evaluated architecture of a run. */
export interface TrialRow {
  /** From 1, in order of evaluation. */
  ordinal: number;
  /** The encoding, a byte a position. */
  architecture: Buffer;
  /** In the task's unit. */
  accuracy: number;
  /** Predicted by the profile, milliseconds. */
  latencyMs: number;
  /** Whether it keeps the run's limits; true without. */
  withinLimits: boolean;
}

const SAMPLER_KINDS: SamplerKind[] = [
  'REGULARIZED_EVOLUTION',
  'REPRUNING_EVOLUTION',
  'RANDOM',
  'EXHAUSTIVE',
  'NSGA2',
  'LOCAL',
  'RANDOM_MUTATION',
  'CONSTRAINED_EVOLUTION',
  'SURROGATE',
  'PROGRESSIVE_UNPRUNING',
];

const visibility = { type: 'enum', enum: ['PRIVATE', 'PUBLIC'] as string[], enumName: 'visibility' } as const;
const at = (name: string) => ({ name, type: 'timestamptz', nullable: true }) as const;

export const SearchRunEntity = new EntitySchema<SearchRunRow>({
  name: 'SearchRun',
  tableName: 'search_runs',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    visibility: { ...visibility },
    spaceVersionId: { name: 'space_version_id', type: 'uuid' },
    deviceProfileId: { name: 'device_profile_id', type: 'uuid' },
    accuracySourceId: { name: 'accuracy_source_id', type: 'uuid' },
    sampler: { type: 'enum', enum: SAMPLER_KINDS, enumName: 'sampler_kind' },
    settings: { type: 'jsonb', default: {} },
    limits: { type: 'jsonb', nullable: true },
    warmStartRunId: { name: 'warm_start_run_id', type: 'uuid', nullable: true },
    warmStartEvaluations: { name: 'warm_start_evaluations', type: 'int', default: 0 },
    predictedFront: { name: 'predicted_front', type: 'boolean', default: false },
    budget: { type: 'int' },
    priorEvaluations: { name: 'prior_evaluations', type: 'int' },
    seed: { type: 'int' },
    status: {
      type: 'enum',
      enum: ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED'],
      enumName: 'run_status',
      default: 'QUEUED',
    },
    evaluations: { type: 'int', default: 0 },
    attempt: { type: 'int', default: 0 },
    external: { type: 'boolean', default: false },
    error: { type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
    publishedAt: at('published_at'),
  },
});
