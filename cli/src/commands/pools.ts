import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { poolId } from '../addresses.js';
import { instant, numberBetween, wholeNumberBetween } from '../arguments.js';
import { connect } from '../connection.js';
import { CommandFailure } from '../failures.js';
import {
  CancelMaintenanceDocument,
  CreatePoolDocument,
  GrantPoolDocument,
  PoolDetailsDocument,
  PoolListDocument,
  RenamePoolDocument,
  RevokeGrantDocument,
  ScheduleMaintenanceDocument,
} from '../graphql/generated/documents.js';
import { showFields, showList } from '../output.js';

export function poolCommands(program: Command): void {
  const pools = program
    .command('pools')
    .description('Pools of devices: your team’s, and those that other teams granted to it.')
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { pools: own, grantedPools } = await connect().send(PoolListDocument, {});
      const nodes = [...own.nodes, ...grantedPools.nodes];
      const rows = nodes.map((pool) => [
        pool.name,
        pool.team.slug,
        pool.devices.nodes.length,
        pool.devices.nodes.filter(({ status }) => status === 'ONLINE').length,
        pool.targets.map(({ name }) => name).join('; '),
        pool.id,
      ]);
      showList(nodes, { header: ['pool', 'of', 'devices', 'online', 'targets', 'id'], rows }, json);
    });

  pools
    .command('create')
    .description('Make a pool.')
    .argument('<name>')
    .option('--json')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const input = { idempotencyKey: randomUUID(), name };
      const { pool } = (await connect().send(CreatePoolDocument, { input })).createPool;
      showFields(pool, { ...pool }, json);
    });

  pools
    .command('rename')
    .description('Give a pool another name.')
    .argument('<pool>', 'id of the pool')
    .argument('<name>')
    .action(async (id: string, name: string) => {
      await connect().send(RenamePoolDocument, { input: { poolId: id, name } });
    });

  pools
    .command('usage')
    .description('Device time by team and day.')
    .option('--pool <id>', "your team's first otherwise")
    .option('--days <days>', 'the last so many', wholeNumberBetween(1, 90), 7)
    .option('--json')
    .action(async ({ pool, days, json }: { pool?: string; days: number; json?: boolean }) => {
      const { usage } = await detailsOf(pool, days);
      const rows = usage.map((use) => [
        use.day.slice(0, 10),
        use.team.slug,
        use.deviceSeconds.toFixed(1),
        use.measurements,
      ]);
      showList(usage, { header: ['day', 'team', 'device-seconds', 'measurements'], rows }, json);
    });

  grantCommands(pools);
  maintenanceCommands(pools);
}

function grantCommands(pools: Command): void {
  pools
    .command('grants')
    .description('Who may use a pool.')
    .option('--pool <id>', "your team's first otherwise")
    .option('--json')
    .action(async ({ pool, json }: { pool?: string; json?: boolean }) => {
      const { grants } = await detailsOf(pool, 1);
      const rows = grants.map((grant) => [
        grant.team.slug,
        grant.quotaDeviceSecondsPerDay ?? 'no limit',
        grant.priority,
        grant.expiresAt ?? '',
        grant.id,
      ]);
      const header = ['team', 'device-seconds a day', 'priority', 'until', 'id'];
      showList(grants, { header, rows }, json);
    });

  pools
    .command('grant')
    .description('Let another team use a pool, or change how.')
    .argument('<team>', 'short name of the team')
    .option('--pool <id>', "your team's first otherwise")
    .option('--quota <seconds>', 'device-seconds a day, UTC', numberBetween(1, 86_400_000))
    .option('--priority <1-10>', 'share when several teams wait; yours is 5', wholeNumberBetween(1, 10), 5)
    .option('--until <instant>', 'when it ends, for example 2027-01-31', instant)
    .option('--json')
    .action(
      async (
        team: string,
        options: { pool?: string; quota?: number; priority: number; until?: string; json?: boolean },
      ) => {
        const client = connect();
        const input = {
          poolId: await poolId(client, options.pool),
          team,
          priority: options.priority,
          quotaDeviceSecondsPerDay: options.quota ?? null,
          expiresAt: options.until ?? null,
        };
        const { grant } = (await client.send(GrantPoolDocument, { input })).grantPool;
        showFields(grant, { id: grant.id, team: grant.team.slug, priority: grant.priority }, options.json);
      },
    );

  pools
    .command('revoke')
    .description('End a grant; what its team still waits for is not measured.')
    .argument('<grant>', 'id of the grant, as `pools grants` shows it')
    .action(async (grantId: string) => {
      await connect().send(RevokeGrantDocument, { input: { grantId } });
    });
}

function maintenanceCommands(pools: Command): void {
  const maintenance = pools
    .command('maintenance')
    .description('Windows in which a pool or a device gets no work.')
    .option('--pool <id>', "your team's first otherwise")
    .option('--json')
    .action(async ({ pool, json }: { pool?: string; json?: boolean }) => {
      const { maintenance: windows } = await detailsOf(pool, 1);
      const rows = windows.map((w) => [w.startsAt, w.endsAt, w.device?.name ?? 'whole pool', w.reason, w.id]);
      showList(windows, { header: ['from', 'to', 'for', 'reason', 'id'], rows }, json);
    });

  maintenance
    .command('plan')
    .description('Plan a window; what is being measured when it begins is finished.')
    .argument('<from>', 'for example 2026-05-04T12:00Z', instant)
    .argument('<to>', 'for example 2026-05-04T14:00Z', instant)
    .argument('<reason>', 'why; every team that uses the pool can read it')
    .option('--in <pool>', "id of the pool; your team's first otherwise")
    .option('--device <id>', 'one device of it')
    .action(
      async (startsAt: string, endsAt: string, reason: string, options: { in?: string; device?: string }) => {
        const client = connect();
        const input = {
          idempotencyKey: randomUUID(),
          poolId: await poolId(client, options.in),
          deviceId: options.device ?? null,
          startsAt,
          endsAt,
          reason,
        };
        const made = await client.send(ScheduleMaintenanceDocument, { input });
        console.log(made.scheduleMaintenance.maintenance.id);
      },
    );

  maintenance
    .command('cancel')
    .description('Take a window back, also one that has begun.')
    .argument('<window>', 'id of the window')
    .action(async (maintenanceId: string) => {
      await connect().send(CancelMaintenanceDocument, { input: { maintenanceId } });
    });
}

/** The pool given, or the team's first, in full. */
async function detailsOf(given: string | undefined, days: number) {
  const client = connect();
  const { node } = await client.send(PoolDetailsDocument, { id: await poolId(client, given), days });
  if (node?.__typename !== 'Pool') throw new CommandFailure('FAILED', 'Pool not found (NOT_FOUND).');
  return node;
}
