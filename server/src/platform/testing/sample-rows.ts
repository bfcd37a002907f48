import { createHash, randomUUID } from 'node:crypto';
import type { BareDatabase } from './bare-database.js';

export interface SampleRows {
  readonly teamId: string;
  readonly userId: string;
  readonly spaceId: string;
  readonly spaceVersionId: string;
  readonly modelId: string;
  readonly taskId: string;
  readonly accuracySourceId: string;
  readonly uploadId: string;
  readonly tableImportId: string;
  readonly targetId: string;
  readonly poolId: string;
  readonly deviceId: string;
  readonly grantId: string;
  readonly maintenanceId: string;
  readonly tokenId: string;
  readonly profileRunId: string;
  readonly measurementId: string;
  readonly deviceProfileId: string;
  /** Waits, although no job was ever added for it. */
  readonly searchRunId: string;
  readonly askedTrialId: string;
  readonly comparisonId: string;
  readonly leaderboardId: string;
  readonly leaderboardEntryId: string;
}

/** A new team with one private row in every table that has a team: what no other team may see. */
export async function samplePrivateRows({ sql }: Pick<BareDatabase, 'sql'>): Promise<SampleRows> {
  const insert = async (table: string, row: Readonly<Record<string, unknown>>): Promise<string> => {
    const columns = Object.keys(row);
    const values = columns.map((_, i) => `$${i + 1}`).join(', ');
    const names = columns.map((name) => `"${name}"`).join(', ');
    const [made] = await sql<{ id?: string }>(
      `insert into ${table} (${names}) values (${values}) returning *`,
      Object.values(row),
    );
    return made?.id ?? '';
  };
  const unique = randomUUID().slice(0, 8);
  const bytes = (): Buffer => Buffer.from(randomUUID());

  const team_id = await insert('teams', { slug: `sample-${unique}`, name: 'Sample' });
  const user_id = await insert('users', {
    email: `${unique}@sample.example`,
    name: 'Sample',
    password_hash: 'none',
  });
  await insert('memberships', { team_id, user_id, role: 'OWNER' });
  await insert('audit_events', { team_id, actor: 'worker', action: 'sample' });
  await insert('idempotency_keys', {
    team_id,
    key: randomUUID(),
    operation: 'sample',
    input_hash: bytes(),
    result: '{}',
  });

  const space_id = await insert('search_spaces', { team_id, name: 'sample' });
  const space_version_id = await insert('space_versions', {
    team_id,
    space_id,
    label: 'full',
    content_hash: bytes(),
    document: '{}',
    family: 'sample',
    size: 1,
    identity_hash: bytes(),
  });
  await insert('pruning_evaluations', { team_id, space_version_id, ordinal: 1, encoding: [0], accuracy: 90 });
  const model_id = await insert('models', {
    team_id,
    name: 'sample',
    content_hash: createHash('sha256').update(unique).digest(),
    inspection: '{}',
  });
  await insert('space_version_blocks', {
    team_id,
    space_version_id,
    content_hash: createHash('sha256').update(unique).digest(),
    model_id,
  });
  const task_id = await insert('tasks', {
    team_id,
    visibility: 'PRIVATE',
    name: 'sample',
    dataset: 'd',
    metric: 'm',
    unit: '%',
  });
  const accuracy_source_id = await insert('accuracy_sources', {
    team_id,
    task_id,
    space_version_id,
    kind: 'TABLE',
    name: 'sample',
  });

  const upload_id = await insert('uploads', { team_id, file_name: 'sample.csv', expires_at: new Date() });
  const table_import_id = await insert('table_imports', {
    team_id,
    upload_id,
    task_id,
    space_version_id,
    name: 'sample',
    mapping: '{}',
  });
  await insert('computed_accuracies', { team_id, content_key: bytes(), encoding: '0', accuracy: 90 });

  const target_id = await insert('hardware_targets', {
    team_id,
    fingerprint: unique,
    name: 'sample',
    processor: 'p',
    runtime: 'r',
    provider: 'cpu',
    precision: 'fp32',
    threads: 1,
    batch: 1,
  });
  const pool_id = await insert('pools', { team_id, name: 'sample' });
  const device_id = await insert('devices', {
    team_id,
    pool_id,
    name: 'sample',
    environment: '{}',
    agent_version: '0',
  });
  await insert('device_targets', { team_id, pool_id, device_id, target_id, fingerprint: unique, ordinal: 1 });
  await insert('device_references', {
    team_id,
    device_id,
    fingerprint: unique,
    hour: new Date(),
    reference_ms: 1,
    readings: 1,
  });
  const pool_grant_id = await insert('pool_grants', { team_id, pool_id, grantee_id: team_id, priority: 5 });
  const maintenance_id = await insert('maintenance_windows', {
    team_id,
    pool_id,
    starts_at: new Date(0),
    ends_at: new Date(1),
    reason: 'sample',
  });
  await insert('pool_turns', { team_id, pool_id, slot: 0, virtual_ms: 0, served_ms: 0 });
  await insert('pool_usage', {
    team_id,
    pool_id,
    day: new Date(),
    slot: 0,
    device_ms: 1_000,
    measurements: 1,
  });
  await insert('pairing_codes', { team_id, pool_id, secret_hash: bytes(), expires_at: new Date() });
  const token_id = await insert('tokens', {
    team_id,
    kind: 'AGENT',
    name: 'sample',
    prefix: 'esp_d',
    secret_hash: bytes(),
    scopes: ['AGENT'],
    role: 'VIEWER',
    device_id,
    pool_id,
  });

  const profile_run_id = await insert('profile_runs', {
    team_id,
    kind: 'PROFILE',
    method: 'ISOLATED',
    space_version_id,
    pool_id,
    target_id,
    target_fingerprint: unique,
    seed: 0,
    measurement_count: 1,
    open_count: 1,
  });
  const measurement_id = await insert('measurements', {
    team_id,
    profile_run_id,
    pool_id,
    ordinal: 0,
    purpose: 'NETWORK',
    subject: '{"kind":"NETWORK","encoding":[0]}',
  });
  const device_profile_id = await insert('device_profiles', {
    team_id,
    profile_run_id,
    space_version_id,
    target_id,
    method: 'ISOLATED',
    latency_table: '{}',
    quality: '{}',
  });
  const grantee = `grantee-${randomUUID().slice(0, 8)}`;
  await insert('device_profile_grants', {
    team_id,
    device_profile_id,
    grantee_id: await insert('teams', { slug: grantee, name: grantee }),
  });
  await insert('device_profile_pins', {
    team_id,
    space_id,
    target_fingerprint: 'sample',
    device_profile_id,
  });
  await insert('architecture_latencies', {
    team_id,
    device_profile_id,
    architecture: Buffer.of(0),
    measurement_id,
    floor_ms: 1,
    unstable: false,
  });

  const search_run_id = await insert('search_runs', {
    team_id,
    space_version_id,
    device_profile_id,
    accuracy_source_id,
    sampler: 'RANDOM',
    budget: 10,
    seed: 0,
  });
  await insert('trials', {
    team_id,
    search_run_id,
    ordinal: 1,
    architecture: Buffer.of(0),
    accuracy: 90,
    latency_ms: 1,
  });
  const asked_trial_id = await insert('asked_trials', {
    team_id,
    search_run_id,
    ordinal: 1,
    encoding: '0',
    latency_ms: 1,
    status: 'LEASED',
  });
  const comparison_id = await insert('comparisons', {
    team_id,
    name: 'sample',
    space_id,
    task_id,
    target_id,
    result: '{}',
  });
  const leaderboard_id = await insert('leaderboards', {
    task_id,
    space_id,
    target_fingerprint: unique,
    target_id,
  });
  const published = { team_id, visibility: 'PRIVATE', leaderboard_id };
  await insert('leaderboard_runs', { ...published, search_run_id });
  const point = { ...published, architecture: Buffer.of(0), accuracy: 90, predicted_ms: 1 };
  await insert('leaderboard_points', point);
  const leaderboard_entry_id = await insert('leaderboard_entries', {
    ...point,
    search_run_id,
    device_profile_id,
    encoding: [0],
  });

  return {
    teamId: team_id,
    userId: user_id,
    spaceId: space_id,
    spaceVersionId: space_version_id,
    modelId: model_id,
    taskId: task_id,
    accuracySourceId: accuracy_source_id,
    uploadId: upload_id,
    tableImportId: table_import_id,
    targetId: target_id,
    poolId: pool_id,
    deviceId: device_id,
    grantId: pool_grant_id,
    maintenanceId: maintenance_id,
    tokenId: token_id,
    profileRunId: profile_run_id,
    measurementId: measurement_id,
    deviceProfileId: device_profile_id,
    searchRunId: search_run_id,
    askedTrialId: asked_trial_id,
    comparisonId: comparison_id,
    leaderboardId: leaderboard_id,
    leaderboardEntryId: leaderboard_entry_id,
  };
}
