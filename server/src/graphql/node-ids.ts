import { badInput, notFound } from '../platform/errors.js';

/** GraphQL types that have a global id, with the two letters that stand for each. */
const PREFIXES = {
  User: 'us',
  Team: 'te',
  Token: 'to',
  SearchSpace: 'sp',
  SpaceVersion: 'sv',
  Model: 'mo',
  Task: 'ta',
  AccuracySource: 'as',
  Upload: 'up',
  TableImport: 'ti',
  HardwareTarget: 'ht',
  Pool: 'po',
  Device: 'de',
  PoolGrant: 'pg',
  MaintenanceWindow: 'mw',
  ProfileRun: 'pr',
  Measurement: 'me',
  DeviceProfile: 'dp',
  SearchRun: 'sr',
  AskedTrial: 'at',
  Comparison: 'co',
  Leaderboard: 'lb',
  LeaderboardEntry: 'le',
} as const;

export type NodeType = keyof typeof PREFIXES;

const types = new Map<string, NodeType>(
  (Object.keys(PREFIXES) as NodeType[]).map((type) => [PREFIXES[type], type]),
);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The opaque global id of a row: base64url of the type's letters and the 16 bytes of its UUID. */
export function toGlobalId(type: NodeType, uuid: string): string {
  return Buffer.concat([Buffer.from(PREFIXES[type]), Buffer.from(uuid.replaceAll('-', ''), 'hex')]).toString(
    'base64url',
  );
}

/** Reads a global id; null when it is malformed. */
export function fromGlobalId(id: string): { type: NodeType; uuid: string } | null {
  if (id.length !== 24) return null;
  const bytes = Buffer.from(id, 'base64url');
  if (bytes.length !== 18) return null;
  const type = types.get(bytes.subarray(0, 2).toString('latin1'));
  const hex = bytes.subarray(2).toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
    '-',
  );
  return type && UUID.test(uuid) && toGlobalId(type, uuid) === id ? { type, uuid } : null;
}

/** The UUID behind an id that must be of `type`: BAD_INPUT when malformed, NOT_FOUND when of another type. */
export function uuidOf(type: NodeType, id: string, field: string): string {
  const parsed = fromGlobalId(id);
  if (!parsed) throw badInput(field, `${field} is not a global id.`);
  if (parsed.type !== type) throw notFound(type);
  return parsed.uuid;
}
