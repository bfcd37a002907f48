import { EntitySchema } from 'typeorm';
import type { Role, Scope, TokenKind } from '../../graphql/generated/resolvers.js';

/** A person with an account. */
export interface UserRow {
  id: string;
  email: string;
  name: string;
  passwordHash: string;
  createdAt: Date;
}

export interface TeamRow {
  id: string;
  slug: string;
  name: string;
  createdAt: Date;
}

export interface MembershipRow {
  teamId: string;
  userId: string;
  role: Role;
  createdAt: Date;
}

/** An API or agent token; the secret itself is nowhere. */
export interface TokenRow {
  id: string;
  teamId: string;
  kind: TokenKind;
  name: string;
  prefix: string;
  secretHash: Buffer;
  scopes: Scope[];
  role: Role;
  deviceId: string | null;
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export const UserEntity = new EntitySchema<UserRow>({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    email: { type: 'text' },
    name: { type: 'text' },
    passwordHash: { name: 'password_hash', type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const TeamEntity = new EntitySchema<TeamRow>({
  name: 'Team',
  tableName: 'teams',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    slug: { type: 'text' },
    name: { type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

const ROLES = {
  type: 'enum',
  enum: ['OWNER', 'ADMIN', 'MEMBER', 'VIEWER'],
  enumName: 'member_role',
} as const;

export const MembershipEntity = new EntitySchema<MembershipRow>({
  name: 'Membership',
  tableName: 'memberships',
  columns: {
    teamId: { name: 'team_id', type: 'uuid', primary: true },
    userId: { name: 'user_id', type: 'uuid', primary: true },
    role: { ...ROLES, enum: [...ROLES.enum] },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
  },
});

export const TokenEntity = new EntitySchema<TokenRow>({
  name: 'Token',
  tableName: 'tokens',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    teamId: { name: 'team_id', type: 'uuid' },
    kind: { type: 'enum', enum: ['API', 'AGENT'], enumName: 'token_kind' },
    name: { type: 'text' },
    prefix: { type: 'text' },
    secretHash: { name: 'secret_hash', type: 'bytea' },
    scopes: { type: 'text', array: true },
    role: { ...ROLES, enum: [...ROLES.enum] },
    deviceId: { name: 'device_id', type: 'uuid', nullable: true },
    createdBy: { name: 'created_by', type: 'uuid', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz', createDate: true },
    expiresAt: { name: 'expires_at', type: 'timestamptz', nullable: true },
    lastUsedAt: { name: 'last_used_at', type: 'timestamptz', nullable: true },
    revokedAt: { name: 'revoked_at', type: 'timestamptz', nullable: true },
  },
});
