import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '@espalier/client';
import { sourceId, versionId } from '../addresses.js';
import { wholeNumberBetween } from '../arguments.js';
import { connect, connectPatiently } from '../connection.js';
import {
  SearchFrontiersDocument,
  SearchRunListDocument,
  StartSearchDocument,
} from '../graphql/generated/documents.js';
import { progressLines, showList } from '../output.js';
import { searchesEnd, succeeded } from '../waiting.js';

interface StartOptions {
  readonly profile: string;
  readonly source?: string;
  readonly budget: number;
  readonly seeds: number;
  readonly wait: boolean;
  readonly json?: boolean;
}

export function searchCommands(program: Command): void {
  const search = program.command('search').description('Searches and their frontiers.');

  search
    .command('list')
    .description("Your team's searches, newest first.")
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { nodes } = (await connect().send(SearchRunListDocument, { first: 100 })).searchRuns;
      const rows = nodes.map((run) => [
        run.spaceVersion.space.name,
        run.spaceVersion.label,
        run.seed,
        run.status,
        run.evaluations,
        run.id,
      ]);
      showList(nodes, { header: ['space', 'version', 'seed', 'status', 'evaluations', 'id'], rows }, json);
    });

  search
    .command('start')
    .description('Search a space version with one or more seeds and wait for the frontiers.')
    .argument('<version>', 'id of the space version, or team/space')
    .requiredOption('--profile <id>', 'device profile')
    .option('--source <id>', 'accuracy source; the first that knows the space otherwise')
    .option('--budget <n>', 'evaluations of a run', wholeNumberBetween(1, 1_000_000), 3000)
    .option('--seeds <n>', 'number of runs, seeds from 0', wholeNumberBetween(1, 100), 1)
    .option('--no-wait', 'print the ids of the runs and return')
    .option('--json')
    .action(async (address: string, { profile, source, budget, seeds, wait, json }: StartOptions) => {
      const client = connectPatiently();
      const spaceVersionId = await versionId(client, address);
      const { startSearch } = await client.send(StartSearchDocument, {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId,
          deviceProfileId: profile,
          accuracySourceId: await sourceId(client, spaceVersionId, source),
          budget,
          seeds: Array.from({ length: seeds }, (_, i) => i),
        },
      });
      const ids = startSearch.searchRuns.map((run) => run.id);
      if (!wait) return console.log(ids.join('\n'));
      await watch(client, ids, json);
    });

  search
    .command('watch')
    .description('Wait for searches and print their frontiers.')
    .argument('<ids...>')
    .option('--json')
    .action((ids: string[], { json }: { json?: boolean }) => watch(connectPatiently(), ids, json));
}

async function watch(client: Client, ids: readonly string[], json: boolean | undefined): Promise<void> {
  for (const run of await searchesEnd(client, ids, 'evaluated', progressLines())) succeeded(run);
  const { nodes } = await client.send(SearchFrontiersDocument, { ids: [...ids] });
  const runs = nodes.flatMap((node) => (node && 'frontier' in node ? [node] : []));
  const rows = runs.flatMap((run) =>
    run.frontier.map((trial) => [
      run.seed,
      trial.encoding.join('.'),
      trial.accuracy.toFixed(2),
      trial.latencyMs.toFixed(4),
      run.id,
    ]),
  );
  showList(runs, { header: ['seed', 'architecture', 'accuracy', 'latency ms', 'run'], rows }, json);
}
