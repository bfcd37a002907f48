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
  targetId: string;
  name: string;
  environment: unknown;
  agentVersion: string;
  activity: string | null;
  lastSeenAt: Date | null;
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
    targetId: { name: 'target_id', type: 'uuid' },
    name: { name: 'name', type: 'text' },
    environment: { name: 'environment', type: 'jsonb' },
    agentVersion: { name: 'agent_version', type: 'text' },
    activity: { name: 'activity', type: 'text', nullable: true },
    lastSeenAt: { name: 'last_seen_at', type: 'timestamptz', nullable: true },
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

export const devicesEntities = [HardwareTargetEntity, PoolEntity, DeviceEntity, PairingCodeEntity];
