import type { Command } from 'commander';
import { poolId } from '../addresses.js';
import { connect } from '../connection.js';
import { CreatePairingCodeDocument, DevicesDocument } from '../graphql/generated/documents.js';
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
        d.activity ?? '',
      ]);
      showList(nodes, { header: ['device', 'pool', 'status', 'target', 'activity'], rows }, json);
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
}
