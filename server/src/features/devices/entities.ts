import { EntitySchema } from 'typeorm';
import type { Visibility } from '../../graphql/generated/resolvers.js';

/** What a leaderboard is about: processor, runtime, provider, precision, threads, batch. */
export interface HardwareTargetRow {
  id: string;
  teamId: string;
  visibility: Visibility;
  /** SHA-256, hexadecimal, of everything that makes two devices the same target. */
  fingerprint: string;
  name: string;
  processor: string;
  runtime: string;
  provider: string;
  precision: string;
  threads: number;
  batch: number;
  createdAt: Date;
}

/** A team's devices. */
export interface PoolRow {
  id: string;
  teamId: string;
  name: string;
  createdAt: Date;
}

/** One physical machine that measures. */
export interface DeviceRow {
  id: string;
  teamId: string;
  poolId: string;
  name: string;
  environment: unknown;
  agentVersion: string;
  activity: string | null;
  lastSeenAt: Date | null;
  quarantinedAt: Date | null;
  quarantineReason: string | null;
  /** The server took it out, not a person. */
  quarantinedByServer: boolean;
  /** Whose subjects it measures now. */
  servingTeamId: string | null;
  servingSince: Date | null;
  /** Subjects in a row that failed here and were measured elsewhere. */
  refutedFailures: number;
  createdAt: Date;
}

/** Another team's right to use a pool. */
export interface PoolGrantRow {
  id: string;
  /** The pool's owner. */
  teamId: string;
  poolId: string;
  granteeId: string;
  /** Device-seconds a day, UTC; null: as many as there are. */
  quotaSeconds: number | null;
  /** 1–10. */
  priority: number;
  expiresAt: Date | null;
  createdAt: Date;
  revokedAt: Date | null;
}

/** When a pool, or one device of it, gets no work. */
export interface MaintenanceWindowRow {
  id: string;
  teamId: string;
  poolId: string;
  /** Null: the whole pool. */
  deviceId: string | null;
  startsAt: Date;
  endsAt: Date;
  reason: string;
  createdAt: Date;
}

/** The right to register one device in a pool, hashed at rest. */
export interface PairingCodeRow {
  id: string;
  teamId: string;
  poolId: string;
  secretHash: Buffer;
  expiresAt: Date;
  usedAt: Date | null;
}

export const HardwareTargetEntity = new EntitySchema<HardwareTargetRow>({
  name: 'HardwareTarget',
  tableName: 'hardware_targets',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    visibility: { name: 'visibility', type: 'enum', enum: ['PRIVATE', 'PUBLIC'], enumName: 'visibility' },
    fingerprint: { name: 'fingerprint', type: 'text' },
    name: { name: 'name', type: 'text' },
    processor: { name: 'processor', type: 'text' },
    runtime: { name: 'runtime', type: 'text' },
    provider: { name: 'provider', type: 'text' },
    precision: { name: 'precision', type: 'text' },
    threads: { name: 'threads', type: 'int' },
    batch: { name: 'batch', type: 'int' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const PoolEntity = new EntitySchema<PoolRow>({
  name: 'Pool',
  tableName: 'pools',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    name: { name: 'name', type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const DeviceEntity = new EntitySchema<DeviceRow>({
  name: 'Device',
  tableName: 'devices',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    poolId: { name: 'pool_id', type: 'uuid' },
    name: { name: 'name', type: 'text' },
    environment: { name: 'environment', type: 'jsonb' },
    agentVersion: { name: 'agent_version', type: 'text' },
    activity: { name: 'activity', type: 'text', nullable: true },
    lastSeenAt: { name: 'last_seen_at', type: 'timestamptz', nullable: true },
    quarantinedAt: { name: 'quarantined_at', type: 'timestamptz', nullable: true },
    quarantineReason: { name: 'quarantine_reason', type: 'text', nullable: true },
    quarantinedByServer: { name: 'quarantined_by_server', type: 'boolean' },
    servingTeamId: { name: 'serving_team_id', type: 'uuid', nullable: true },
    servingSince: { name: 'serving_since', type: 'timestamptz', nullable: true },
    refutedFailures: { name: 'refuted_failures', type: 'int' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const PoolGrantEntity = new EntitySchema<PoolGrantRow>({
  name: 'PoolGrant',
  tableName: 'pool_grants',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    poolId: { name: 'pool_id', type: 'uuid' },
    granteeId: { name: 'grantee_id', type: 'uuid' },
    quotaSeconds: { name: 'quota_seconds', type: 'double precision', nullable: true },
    priority: { name: 'priority', type: 'int' },
    expiresAt: { name: 'expires_at', type: 'timestamptz', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    revokedAt: { name: 'revoked_at', type: 'timestamptz', nullable: true },
  },
});

export const MaintenanceWindowEntity = new EntitySchema<MaintenanceWindowRow>({
  name: 'MaintenanceWindow',
  tableName: 'maintenance_windows',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    poolId: { name: 'pool_id', type: 'uuid' },
    deviceId: { name: 'device_id', type: 'uuid', nullable: true },
    startsAt: { name: 'starts_at', type: 'timestamptz' },
    endsAt: { name: 'ends_at', type: 'timestamptz' },
    reason: { name: 'reason', type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const PairingCodeEntity = new EntitySchema<PairingCodeRow>({
  name: 'PairingCode',
  tableName: 'pairing_codes',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    poolId: { name: 'pool_id', type: 'uuid' },
    secretHash: { name: 'secret_hash', type: 'bytea' },
    expiresAt: { name: 'expires_at', type: 'timestamptz' },
    usedAt: { name: 'used_at', type: 'timestamptz', nullable: true },
  },
});

export const devicesEntities = [
  HardwareTargetEntity,
  PoolEntity,
  DeviceEntity,
  PairingCodeEntity,
  PoolGrantEntity,
  MaintenanceWindowEntity,
];
