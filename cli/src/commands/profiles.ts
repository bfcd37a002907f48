import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '@espalier/client';
import { poolId, versionId } from '../addresses.js';
import { collected, jsonObject, wholeNumberBetween } from '../arguments.js';
import { connect, connectPatiently } from '../connection.js';
import {
  ProfileRunsDocument,
  StartProfileDocument,
  TransferProfileDocument,
  type ProfileMethod,
} from '../graphql/generated/documents.js';
import { progressLines, showFields, showList } from '../output.js';
import { profileRunEnd, succeeded } from '../waiting.js';
import { sharedProfileCommands } from './shared-profiles.js';

interface StartOptions {
  readonly pool?: string;
  readonly method: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly wait: boolean;
  readonly json?: boolean;
}

interface TransferOptions {
  readonly pool?: string;
  readonly source?: readonly string[];
  readonly samples: number;
  readonly heldOut: number;
  readonly seed: number;
  readonly wait: boolean;
  readonly json?: boolean;
}

export function profileCommands(program: Command): void {
  const profile = program.command('profile').description('Measuring campaigns and the profiles they end in.');

  profile
    .command('campaigns')
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
    .option('--method <name>', 'how: docs/guides/profiling-methods.md', 'ISOLATED')
    .option('--options <json>', 'what the method is asked, as a JSON object', jsonObject)
    .option('--seed <n>', 'seed of weights, plan and order', wholeNumberBetween(0, 2_147_483_647), 0)
    .option('--no-wait', 'print the id of the campaign and return')
    .option('--json')
    .action(async (address: string, { pool, method, options, seed, wait, json }: StartOptions) => {
      const client = connectPatiently();
      const { startProfile } = await client.send(StartProfileDocument, {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: await versionId(client, address),
          poolId: await poolId(client, pool),
          // The server says which methods there are.
          method: method.toUpperCase().replaceAll('-', '_') as ProfileMethod,
          ...(options === undefined ? {} : { options }),
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

  profile
    .command('transfer')
    .description(
      'Profile a device from a few measurements and the profiles of others, and wait for the result.',
    )
    .argument('<version>', 'id of the space version, or team/space')
    .option('--pool <id>', "pool to measure on; your team's first otherwise")
    .option('--source <profile>', 'a profile to learn from; repeat it; all that you see otherwise', collected)
    .option('--samples <n>', 'measurements to spend', wholeNumberBetween(3, 1_000), 10)
    .option('--held-out <n>', 'networks measured to judge the result', wholeNumberBetween(0, 500), 20)
    .option('--seed <n>', 'seed of weights, plan and order', wholeNumberBetween(0, 2_147_483_647), 0)
    .option('--no-wait', 'print the id of the campaign and return')
    .option('--json')
    .action(async (address: string, { pool, source = [], wait, json, ...asked }: TransferOptions) => {
      const client = connectPatiently();
      const { transferProfile } = await client.send(TransferProfileDocument, {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId: await versionId(client, address),
          poolId: await poolId(client, pool),
          sources: [...source],
          ...asked,
        },
      });
      if (!wait) return console.log(transferProfile.profileRun.id);
      await watch(client, transferProfile.profileRun.id, json);
    });

  sharedProfileCommands(profile);
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
