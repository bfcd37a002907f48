#!/usr/bin/env node
import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { connect } from './connection.js';
import { runDemo } from './demo/run-demo.js';
import { profileRunEnd, searchesEnd, type Progress } from './demo/steps.js';
import {
  CreatePairingCodeDocument,
  DevicesDocument,
  ExportArchitectureDocument,
  LeaderboardDocument,
  LeaderboardsDocument,
  PreviewPruningDocument,
  SpacesDocument,
  StartProfileDocument,
  StartSearchDocument,
  type PruningRule,
} from './graphql/generated/documents.js';
import { table } from './table.js';

const program = new Command('espalier')
  .description('Espalier from a terminal. Set ESPALIER_URL and ESPALIER_TOKEN.')
  .showHelpAfterError();

const show = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** One line a change on standard error, so that standard output stays the result. */
function progressLines(): Progress {
  let last = '';
  return (step, done, total) => {
    const line = total ? `${step}: ${done} of ${total}` : step;
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
}

function numberBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high))
      throw new InvalidArgumentError(`expected a number from ${low} to ${high}.`);
    return value;
  };
}

program
  .command('spaces')
  .description('Search spaces that you may see.')
  .option('--json')
  .action(async ({ json }: { json?: boolean }) => {
    const { searchSpaces } = await connect().send(SpacesDocument, { first: 100 });
    if (json) return show(searchSpaces.nodes);
    console.log(
      table(
        ['space', 'architectures', 'version'],
        searchSpaces.nodes.map((s) => [
          `${s.team.slug}/${s.name}`,
          s.currentVersion.size,
          s.currentVersion.id,
        ]),
      ),
    );
  });

program
  .command('devices')
  .description('Devices of your team.')
  .option('--json')
  .action(async ({ json }: { json?: boolean }) => {
    const { devices } = await connect().send(DevicesDocument, {});
    if (json) return show(devices.nodes);
    console.log(
      table(
        ['device', 'pool', 'status', 'target', 'activity'],
        devices.nodes.map((d) => [d.name, d.pool.name, d.status, d.target.name, d.activity ?? '']),
      ),
    );
  });

program
  .command('pair')
  .description('Make a pairing code for an agent.')
  .argument('<pool>', 'id of the pool')
  .action(async (poolId: string) => {
    const { createPairingCode } = await connect().send(CreatePairingCodeDocument, { input: { poolId } });
    console.log(createPairingCode.code);
  });

program
  .command('profile')
  .description('Profile a space version on a pool and wait for the profile.')
  .argument('<version>', 'id of the unpruned space version')
  .argument('<pool>', 'id of the pool')
  .action(async (spaceVersionId: string, poolId: string) => {
    const client = connect();
    const { startProfile } = await client.send(StartProfileDocument, {
      input: { idempotencyKey: randomUUID(), spaceVersionId, poolId },
    });
    show(await profileRunEnd(client, startProfile.profileRun.id, 'profile', progressLines()));
  });

program
  .command('prune')
  .description('Show what pruning would do; nothing is stored.')
  .argument('<version>', 'id of the unpruned space version')
  .requiredOption('--rule <rule>', 'EFFICIENCY, BLOCK_EFFECT or RANDOM')
  .requiredOption('--ratio <ratio>', 'share of the choices to remove, 0–1', numberBetween(0, 1))
  .option('--profile <id>', 'device profile')
  .option('--source <id>', 'accuracy source')
  .action(
    async (spaceVersionId: string, o: { rule: string; ratio: number; profile?: string; source?: string }) => {
      const { previewPruning } = await connect().send(PreviewPruningDocument, {
        // The server answers a rule it does not know with BAD_INPUT.
        input: {
          spaceVersionId,
          rule: o.rule as PruningRule,
          ratio: o.ratio,
          deviceProfileId: o.profile ?? null,
          accuracySourceId: o.source ?? null,
        },
      });
      show(previewPruning);
    },
  );

program
  .command('search')
  .description('Search a space version with one or more seeds and wait.')
  .argument('<version>', 'id of the space version')
  .requiredOption('--profile <id>', 'device profile')
  .requiredOption('--source <id>', 'accuracy source')
  .option('--budget <n>', 'evaluations', numberBetween(1, 1_000_000), 3000)
  .option('--seeds <n>', 'number of seeds', numberBetween(1, 100), 1)
  .action(
    async (spaceVersionId: string, o: { profile: string; source: string; budget: number; seeds: number }) => {
      const client = connect();
      const { startSearch } = await client.send(StartSearchDocument, {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId,
          deviceProfileId: o.profile,
          accuracySourceId: o.source,
          budget: o.budget,
          seeds: Array.from({ length: o.seeds }, (_, i) => i),
        },
      });
      const ids = startSearch.searchRuns.map((run) => run.id);
      await searchesEnd(client, ids, 'search', progressLines());
      show(ids);
    },
  );

program
  .command('leaderboards')
  .description('Leaderboards that you may see.')
  .action(async () => {
    const { leaderboards } = await connect().send(LeaderboardsDocument, {});
    console.log(
      table(
        ['leaderboard', 'runs', 'teams', 'id'],
        leaderboards.nodes.map((b) => [b.title, b.runCount, b.teamCount, b.id]),
      ),
    );
  });

program
  .command('leaderboard')
  .description('The frontier of a leaderboard.')
  .argument('<id>')
  .option('--json')
  .option('--csv')
  .action(async (id: string, { json, csv }: { json?: boolean; csv?: boolean }) => {
    const { leaderboard } = await connect().send(LeaderboardDocument, { id });
    if (!leaderboard) throw new Error('Leaderboard not found (NOT_FOUND)');
    if (json) return show(leaderboard);
    const rows = leaderboard.frontier.map((e) => [
      e.encoding.join('.'),
      e.accuracy.toFixed(2),
      e.predictedMs.toFixed(4),
      e.measuredMs?.toFixed(4) ?? '',
      e.paramCount,
      e.macs,
      e.team.slug,
    ]);
    const header = [
      'architecture',
      `accuracy ${leaderboard.task.unit}`,
      'predicted ms',
      'measured ms',
      'parameters',
      'MACs',
      'team',
    ];
    console.log(
      csv
        ? [header, ...rows].map((row) => row.join(',')).join('\n')
        : `${leaderboard.title}\n\n${table(header, rows)}`,
    );
  });

program
  .command('export')
  .description('Write out an architecture as JSON or ONNX (base64).')
  .argument('<version>', 'id of the space version')
  .argument('<encoding>', 'chosen indices with dots between, for example 3.17.8')
  .option('--onnx', 'an ONNX model instead of JSON')
  .action(async (spaceVersionId: string, encoding: string, { onnx }: { onnx?: boolean }) => {
    const { exportArchitecture } = await connect().send(ExportArchitectureDocument, {
      spaceVersionId,
      encoding: encoding.split('.').map(Number),
      format: onnx ? 'ONNX' : 'JSON',
    });
    console.log(exportArchitecture.content);
  });

program
  .command('demo')
  .description('Profile, prune, search, compare, publish: the whole path. The last line is one JSON object.')
  .option('--space <space>', 'mobile or blox', 'mobile')
  .option('--team <team>', 'short name of the team that owns the spaces', 'demo')
  .action(async ({ space, team }: { space: string; team: string }) => {
    if (space !== 'mobile' && space !== 'blox')
      throw new Error(`--space is ${space}; expected mobile or blox.`);
    const result = await runDemo({
      client: connect(),
      team,
      space: `fashion-${space}`,
      progress: progressLines(),
    });
    console.log(JSON.stringify(result));
  });

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
