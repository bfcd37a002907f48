import type { Command } from 'commander';
import { poolId } from '../addresses.js';
import { connect } from '../connection.js';
import {
  CreatePairingCodeDocument,
  DevicesDocument,
  QuarantineDeviceDocument,
  ReleaseDeviceDocument,
  RemoveDeviceDocument,
} from '../graphql/generated/documents.js';
import { showList } from '../output.js';

export function deviceCommands(program: Command): void {
  const devices = program
    .command('devices')
    .description('Devices of your team.')
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { nodes } = (await connect().send(DevicesDocument, {})).devices;
      const rows = nodes.map((d) => [
        d.name,
        d.pool.name,
        d.status,
        d.targets.map(({ name }) => name).join('; '),
        d.quarantine?.reason ?? d.activity ?? '',
        d.warnings.length === 0 ? '' : `⚠ ${d.warnings.join(' ')}`,
        d.id,
      ]);
      const header = ['device', 'pool', 'status', 'targets', 'activity', 'warnings', 'id'];
      showList(nodes, { header, rows }, json);
    });

  devices
    .command('pair')
    .description('Make a pairing code for an agent; good once, for ten minutes.')
    .option('--pool <id>', "pool that the device joins; your team's first otherwise")
    .option('--json')
    .action(async ({ pool, json }: { pool?: string; json?: boolean }) => {
      const client = connect();
      const input = { poolId: await poolId(client, pool) };
      const { createPairingCode } = await client.send(CreatePairingCodeDocument, { input });
      console.log(json ? JSON.stringify(createPairingCode) : createPairingCode.code);
    });

  devices
    .command('quarantine')
    .description('Take a device out: its leases go to others, and it gets none until it is released.')
    .argument('<device>', 'id of the device')
    .argument('<reason>', 'why; every team that uses the pool can read it')
    .action(async (deviceId: string, reason: string) => {
      await connect().send(QuarantineDeviceDocument, { input: { deviceId, reason } });
    });

  devices
    .command('release')
    .description('Put a device back to work.')
    .argument('<device>', 'id of the device')
    .action(async (deviceId: string) => {
      await connect().send(ReleaseDeviceDocument, { input: { deviceId } });
    });

  devices
    .command('remove')
    .description('Remove a device and its token for good; its results stay.')
    .argument('<device>', 'id of the device')
    .action(async (deviceId: string) => {
      await connect().send(RemoveDeviceDocument, { input: { deviceId } });
    });
}
