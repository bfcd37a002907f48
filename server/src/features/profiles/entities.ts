import { EntitySchema } from 'typeorm';
import type { Subject } from '@espalier/nas/profile';
import type {
  MeasurementStatus,
  ProfileMethod,
  ProfileRunKind,
  RunStatus,
  Visibility,
} from '../../graphql/generated/resolvers.js';

/** A measuring campaign. */
export interface ProfileRunRow {
  id: string;
  teamId: string;
  kind: ProfileRunKind;
  method: ProfileMethod;
  /** The unpruned version; null for MODEL. */
  spaceVersionId: string | null;
  /** For MODEL: what is measured. */
  modelId: string | null;
  poolId: string;
  targetId: string;
  /** What the pool's devices know the target by. */
  targetFingerprint: string;
  /** For ARCHITECTURES: the profile that the results belong to. */
  deviceProfileId: string | null;
  seed: number;
  /** What the method was asked, seed and batch among it; it reads them again whenever it plans or estimates. */
  options: Readonly<Record<string, unknown>>;
  status: RunStatus;
  /** Since when all that was planned is measured and a worker is to say what follows; null before and after. */
  concludingAt: Date | null;
  measurementCount: number;
  /** Measurements that are neither done nor failed; exact while the row is locked. */
  openCount: number;
  error: string | null;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

type Block = Extract<Subject, { readonly kind: 'BLOCK' }>;

/** What is measured: what a plan may ask for, or an uploaded model. */
export type MeasurementSubject =
  | Exclude<Subject, { readonly kind: 'REFERENCE' | 'BLOCK' }>
  /** Rows from before a position had more than one place know no site. */
  | (Omit<Block, 'site'> & Partial<Pick<Block, 'site'>>)
  | {
      readonly kind: 'MODEL';
      /** Global id, for the agent that asks for the file. */
      readonly modelId: string;
      /** SHA-256 of the file, hexadecimal. */
      readonly contentHash: string;
    };

/** Why a subject is measured: a block's latency, fitting what is fixed, checking the profile, or for its own sake. */
export type MeasurementPurpose = 'BLOCK' | 'FIT' | 'HELD_OUT' | 'ARCHITECTURE';

/** One subject on one device. Times in milliseconds. */
export interface MeasurementRow {
  id: string;
  teamId: string;
  profileRunId: string;
  ordinal: number;
  subject: MeasurementSubject;
  purpose: MeasurementPurpose;
  status: MeasurementStatus;
  attempts: number;
  deviceId: string | null;
  fencingNumber: number | null;
  leaseExpiresAt: Date | null;
  floorMs: number | null;
  floorLowMs: number | null;
  floorHighMs: number | null;
  medianMs: number | null;
  p10Ms: number | null;
  p90Ms: number | null;
  p99Ms: number | null;
  meanMs: number | null;
  coefficientOfVariation: number | null;
  sampleCount: number | null;
  /** Raw samples, one list a round. */
  rounds: number[][] | null;
  referenceMs: number[] | null;
  sessionCreateMs: number | null;
  unstableReason: string | null;
  error: string | null;
  reportedAt: Date | null;
}

/** What a profile publishes, as kept in `device_profiles.latency_table`. Milliseconds. */
export interface StoredLatencyTable {
  /** A list a layer, one entry a choice of the unpruned space. */
  readonly layers: readonly (readonly number[])[];
  /** Plain time of the block run alone, the same shape; null where no block was. */
  readonly isolated: readonly (readonly number[])[] | null;
  /** Before correction with whole networks; absent in profiles from before it was kept. */
  readonly uncorrected?: { readonly layers: readonly (readonly number[])[]; readonly fixedMs: number };
  /** 95 % interval of each entry of `layers`. */
  readonly intervalMs?: {
    readonly low: readonly (readonly number[])[];
    readonly high: readonly (readonly number[])[];
  } | null;
  readonly interceptMs?: number | null;
  /** What every network pays besides its blocks. */
  readonly fixedMs: number;
  /** Which statistic the latencies are, in words. */
  readonly estimator: string;
}

/** How far a profile can be believed, as kept in `device_profiles.quality`; null where it could not be learnt. */
export interface StoredProfileQuality {
  readonly repeatabilitySpearman: number | null;
  /** Median relative difference between the halves of the rounds, ratio. */
  readonly repeatabilityDifference: number | null;
  readonly heldOutCount: number;
  /** Mean absolute relative error of predicted against measured networks, ratio. */
  readonly additivityMape: number | null;
  readonly within5: number | null;
  readonly within10: number | null;
  readonly kendallTau: number | null;
  /** The same of the table before correction; absent in profiles from before it was kept. */
  readonly uncorrected?: {
    readonly mape: number | null;
    readonly within5: number | null;
    readonly within10: number | null;
    readonly kendallTau: number | null;
  } | null;
  /** Networks kept out of the fit: measured, predicted, and predicted without correction, milliseconds. */
  readonly heldOut?: readonly {
    readonly encoding: readonly number[];
    readonly measuredMs: number;
    readonly predictedMs: number;
    readonly uncorrectedMs: number;
  }[];
  /** Largest move of the reference network, ratio. */
  readonly referenceDrift: number | null;
  readonly unstableCount: number;
}

/** The published latencies of a space's blocks on a target. */
export interface DeviceProfileRow {
  id: string;
  teamId: string;
  profileRunId: string | null;
  spaceVersionId: string;
  targetId: string;
  method: ProfileMethod;
  visibility: Visibility;
  latencyTable: StoredLatencyTable;
  quality: StoredProfileQuality;
  /** What the method found besides; docs/guides/profiling-methods.md says what is in it. */
  details: unknown;
  /** In its series: profiles of one team, space, target and method, from 1; the database numbers them. */
  version: number;
  /** What it was copied from. */
  parentId: string | null;
  /** Entries changed by hand. */
  overrides: readonly Override[];
  note: string;
  /** What the method was asked; null for what no campaign here measured. */
  options: Readonly<Record<string, unknown>> | null;
  environment: readonly MeasuredBy[];
  referenceReadings: readonly ReferenceReading[];
  unstable: readonly UnsteadySubject[];
  /** SHA-256 of the blob with every sample. */
  samplesHash: Buffer | null;
  createdAt: Date;
}

/** An entry of a table that a person has replaced. Milliseconds. */
export interface Override {
  readonly layer: number;
  readonly choice: number;
  readonly ms: number;
  readonly wasMs: number;
}

/** A device as it was when it measured. */
export interface MeasuredBy {
  readonly device: string;
  readonly agentVersion: string;
  readonly environment: unknown;
}

/** Median of the reference network around one subject's rounds. */
export interface ReferenceReading {
  /** ISO 8601. */
  readonly at: string;
  readonly ms: number;
}

export interface UnsteadySubject {
  readonly subject: MeasurementSubject;
  readonly reason: string;
}

/** A profile shown to another team by name. */
export interface DeviceProfileGrantRow {
  deviceProfileId: string;
  granteeId: string;
  teamId: string;
  createdAt: Date;
}

/** The profile that a team uses for a space on a target when none is named. */
export interface DeviceProfilePinRow {
  teamId: string;
  spaceId: string;
  targetFingerprint: string;
  deviceProfileId: string;
  createdAt: Date;
}

/** A whole network measured on a profile's target: what turns "predicted" into "measured". */
export interface ArchitectureLatencyRow {
  deviceProfileId: string;
  /** Mixed-radix index in the unpruned space, decimal: a bigint. */
  architecture: Buffer;
  teamId: string;
  visibility: Visibility;
  measurementId: string;
  floorMs: number;
  unstable: boolean;
}

const visibility = {
  name: 'visibility',
  type: 'enum',
  enum: ['PRIVATE', 'PUBLIC'],
  enumName: 'visibility',
} as const;
const method = {
  name: 'method',
  type: 'enum',
  enum: ['ISOLATED', 'END_TO_END', 'BASE_NETWORKS', 'KERNELS', 'TRANSFER', 'IMPORTED'],
  enumName: 'profile_method',
} as const;
const milliseconds = (name: string) => ({ name, type: 'double precision', nullable: true }) as const;

export const ProfileRunEntity = new EntitySchema<ProfileRunRow>({
  name: 'ProfileRun',
  tableName: 'profile_runs',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    kind: {
      name: 'kind',
      type: 'enum',
      enum: ['PROFILE', 'ARCHITECTURES', 'MODEL'],
      enumName: 'profile_run_kind',
    },
    method,
    spaceVersionId: { name: 'space_version_id', type: 'uuid', nullable: true },
    modelId: { name: 'model_id', type: 'uuid', nullable: true },
    poolId: { name: 'pool_id', type: 'uuid' },
    targetId: { name: 'target_id', type: 'uuid' },
    targetFingerprint: { name: 'target_fingerprint', type: 'text' },
    deviceProfileId: { name: 'device_profile_id', type: 'uuid', nullable: true },
    seed: { name: 'seed', type: 'int' },
    options: { name: 'options', type: 'jsonb' },
    status: {
      name: 'status',
      type: 'enum',
      enum: ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED'],
      enumName: 'run_status',
    },
    concludingAt: { name: 'concluding_at', type: 'timestamptz', nullable: true },
    measurementCount: { name: 'measurement_count', type: 'int' },
    openCount: { name: 'open_count', type: 'int' },
    error: { name: 'error', type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    startedAt: { name: 'started_at', type: 'timestamptz', nullable: true },
    endedAt: { name: 'ended_at', type: 'timestamptz', nullable: true },
  },
});

export const MeasurementEntity = new EntitySchema<MeasurementRow>({
  name: 'Measurement',
  tableName: 'measurements',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    profileRunId: { name: 'profile_run_id', type: 'uuid' },
    ordinal: { name: 'ordinal', type: 'int' },
    subject: { name: 'subject', type: 'jsonb' },
    purpose: { name: 'purpose', type: 'text' },
    status: {
      name: 'status',
      type: 'enum',
      enum: ['QUEUED', 'LEASED', 'DONE', 'FAILED'],
      enumName: 'measurement_status',
    },
    attempts: { name: 'attempts', type: 'int' },
    deviceId: { name: 'device_id', type: 'uuid', nullable: true },
    fencingNumber: { name: 'fencing_number', type: 'int', nullable: true },
    leaseExpiresAt: { name: 'lease_expires_at', type: 'timestamptz', nullable: true },
    floorMs: milliseconds('floor_ms'),
    floorLowMs: milliseconds('floor_low_ms'),
    floorHighMs: milliseconds('floor_high_ms'),
    medianMs: milliseconds('median_ms'),
    p10Ms: milliseconds('p10_ms'),
    p90Ms: milliseconds('p90_ms'),
    p99Ms: milliseconds('p99_ms'),
    meanMs: milliseconds('mean_ms'),
    coefficientOfVariation: { name: 'coefficient_of_variation', type: 'double precision', nullable: true },
    sampleCount: { name: 'sample_count', type: 'int', nullable: true },
    // Large: loaded only by those who ask for the samples.
    rounds: { name: 'rounds', type: 'jsonb', nullable: true, select: false },
    referenceMs: { name: 'reference_ms', type: 'jsonb', nullable: true },
    sessionCreateMs: milliseconds('session_create_ms'),
    unstableReason: { name: 'unstable_reason', type: 'text', nullable: true },
    error: { name: 'error', type: 'text', nullable: true },
    reportedAt: { name: 'reported_at', type: 'timestamptz', nullable: true },
  },
});

export const DeviceProfileEntity = new EntitySchema<DeviceProfileRow>({
  name: 'DeviceProfile',
  tableName: 'device_profiles',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    profileRunId: { name: 'profile_run_id', type: 'uuid', nullable: true },
    spaceVersionId: { name: 'space_version_id', type: 'uuid' },
    targetId: { name: 'target_id', type: 'uuid' },
    method,
    visibility,
    latencyTable: { name: 'latency_table', type: 'jsonb' },
    quality: { name: 'quality', type: 'jsonb' },
    details: { name: 'details', type: 'jsonb' },
    version: { name: 'version', type: 'int' },
    parentId: { name: 'parent_id', type: 'uuid', nullable: true },
    overrides: { name: 'overrides', type: 'jsonb' },
    note: { name: 'note', type: 'text' },
    options: { name: 'options', type: 'jsonb', nullable: true },
    environment: { name: 'environment', type: 'jsonb' },
    referenceReadings: { name: 'reference_readings', type: 'jsonb' },
    unstable: { name: 'unstable', type: 'jsonb' },
    samplesHash: { name: 'samples_hash', type: 'bytea', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const ArchitectureLatencyEntity = new EntitySchema<ArchitectureLatencyRow>({
  name: 'ArchitectureLatency',
  tableName: 'architecture_latencies',
  columns: {
    deviceProfileId: { name: 'device_profile_id', type: 'uuid', primary: true },
    architecture: { type: 'bytea', primary: true },
    teamId: { name: 'team_id', type: 'uuid' },
    visibility,
    measurementId: { name: 'measurement_id', type: 'uuid' },
    floorMs: { name: 'floor_ms', type: 'double precision' },
    unstable: { name: 'unstable', type: 'boolean' },
  },
});

export const DeviceProfileGrantEntity = new EntitySchema<DeviceProfileGrantRow>({
  name: 'DeviceProfileGrant',
  tableName: 'device_profile_grants',
  columns: {
    deviceProfileId: { name: 'device_profile_id', type: 'uuid', primary: true },
    granteeId: { name: 'grantee_id', type: 'uuid', primary: true },
    teamId: { name: 'team_id', type: 'uuid' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const DeviceProfilePinEntity = new EntitySchema<DeviceProfilePinRow>({
  name: 'DeviceProfilePin',
  tableName: 'device_profile_pins',
  columns: {
    teamId: { name: 'team_id', type: 'uuid', primary: true },
    spaceId: { name: 'space_id', type: 'uuid', primary: true },
    targetFingerprint: { name: 'target_fingerprint', type: 'text', primary: true },
    deviceProfileId: { name: 'device_profile_id', type: 'uuid' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const profilesEntities = [
  DeviceProfileGrantEntity,
  DeviceProfilePinEntity,
  ProfileRunEntity,
  MeasurementEntity,
  DeviceProfileEntity,
  ArchitectureLatencyEntity,
];
