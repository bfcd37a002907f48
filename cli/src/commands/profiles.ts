import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '@espalier/client';
import { poolId, versionId } from '../addresses.js';
import { wholeNumberBetween } from '../arguments.js';
import { connect, connectPatiently } from '../connection.js';
import { ProfileRunsDocument, StartProfileDocument } from '../graphql/generated/documents.js';
import { progressLines, showFields, showList } from '../output.js';
import { profileRunEnd, succeeded } from '../waiting.js';

interface StartOptions {
  readonly pool?: string;
  readonly seed: number;
  readonly wait: boolean;
  readonly json?: boolean;
}

export function profileCommands(program: Command): void {
  const profile = program.command('profile').description('Measuring campaigns and the profiles they end in.');

  profile
    .command('list')
    .description("Your team's campaigns, newest first.")
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { nodes } = (await connect().send(ProfileRunsDocument, { first: 100 })).profileRuns;
      const rows = nodes.map((run) => [
        run.kind,
        run.status,
        `${run.doneCount} of ${run.measurementCount}`,
        run.target.name,
        run.id,
        run.deviceProfile?.id ?? '',
      ]);
      showList(
        nodes,
        { header: ['kind', 'status', 'measured', 'target', 'campaign', 'profile'], rows },
        json,
      );
    });

  profile
    .command('start')
    .description('Profile an unpruned space version and wait for the result.')
    .argument('<version>', 'id of the space version, or team/space')
    .option('--pool <id>', "pool to measure on; your team's first otherwise")
    .option('--seed <n>', 'seed of weights, plan and order', wholeNumberBetween(0, 2_147_483_647), 0)
    .option('--no-wait', 'print the id of the campaign and return')
    .option('--json')
    .action(async (address: string, { pool, seed, wait, json }: StartOptions) => {
      const client = connectPatiently();
      const { startProfile } = await client.send(StartProfileDocument, {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: await versionId(client, address),
          poolId: await poolId(client, pool),
          seed,
        },
      });
      if (!wait) return console.log(startProfile.profileRun.id);
      await watch(client, startProfile.profileRun.id, json);
    });

  profile
    .command('watch')
    .description('Wait for a campaign and print its profile.')
    .argument('<campaign>')
    .option('--json')
    .action((id: string, { json }: { json?: boolean }) => watch(connectPatiently(), id, json));
}

async function watch(client: Client, id: string, json: boolean | undefined): Promise<void> {
  const run = succeeded(await profileRunEnd(client, id, 'measured', progressLines()));
  const profile = run.deviceProfile;
  const ratio = (value: number | null | undefined): string =>
    value == null ? 'unknown' : `${(value * 100).toFixed(1)} %`;
  showFields(
    run,
    {
      campaign: run.id,
      profile: profile?.id ?? 'none: single architectures were measured',
      measured: `${run.doneCount} of ${run.measurementCount}`,
      ...(profile && {
        target: profile.target.name,
        repeatability: profile.quality.repeatabilitySpearman?.toFixed(4) ?? 'unknown',
        'error on networks': ratio(profile.quality.additivityMape),
        unstable: profile.quality.unstableCount,
      }),
    },
    json,
  );
}
