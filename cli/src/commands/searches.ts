import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '@espalier/client';
import { sourceId, versionId } from '../addresses.js';
import { numberBetween, oneOf, wholeNumberBetween } from '../arguments.js';
import { connect, connectPatiently } from '../connection.js';
import {
  SamplersDocument,
  SearchFrontiersDocument,
  SearchRunListDocument,
  StartSearchDocument,
  type SamplerKind,
  type SamplerSettingsInput,
  type StartSearchInput,
} from '../graphql/generated/documents.js';
import { progressLines, showList } from '../output.js';
import { samplerSetting } from '../sampler-setting.js';
import { searchesEnd, succeeded } from '../waiting.js';

interface StartOptions {
  readonly profile: string;
  readonly source?: string;
  readonly sampler?: SamplerKind;
  readonly set?: SamplerSettingsInput;
  readonly maxLatency?: number;
  readonly minAccuracy?: number;
  readonly maxParams?: number;
  readonly maxMacs?: number;
  readonly fromRun?: string;
  readonly predictedFront?: boolean;
  readonly budget: number;
  readonly seeds: number;
  readonly wait: boolean;
  readonly json?: boolean;
}

const SAMPLER_KINDS = [
  'REGULARIZED_EVOLUTION',
  'REPRUNING_EVOLUTION',
  'RANDOM',
  'EXHAUSTIVE',
  'NSGA2',
  'LOCAL',
  'RANDOM_MUTATION',
  'CONSTRAINED_EVOLUTION',
  'SURROGATE',
  'PROGRESSIVE_UNPRUNING',
] as const satisfies readonly SamplerKind[];

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
        run.sampler,
        run.seed,
        run.status,
        run.evaluations,
        run.id,
      ]);
      const header = ['space', 'version', 'sampler', 'seed', 'status', 'evaluations', 'id'];
      showList(nodes, { header, rows }, json);
    });

  search
    .command('samplers')
    .description('What searches can be done by, and the settings of each (--set of `search start`).')
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { samplers } = await connect().send(SamplersDocument, {});
      const rows = samplers.flatMap(({ kind, summary, settings }) => [
        [kind, '', '', summary],
        ...settings.map((each) => ['', each.name, each.default, each.meaning]),
      ]);
      showList(samplers, { header: ['sampler', 'setting', 'default', 'meaning'], rows }, json);
    });

  search
    .command('start')
    .description('Search a space version with one or more seeds and wait for the frontiers.')
    .argument('<version>', 'id of the space version, or team/space')
    .requiredOption('--profile <id>', 'device profile')
    .option('--source <id>', 'accuracy source; the first that knows the space otherwise')
    .option('--sampler <kind>', 'what proposes networks, see `search samplers`', oneOf(SAMPLER_KINDS))
    .option('--set <name=value>', 'a setting of the sampler; may be repeated', samplerSetting)
    .option(
      '--max-latency <ms>',
      'look for networks of at most so many milliseconds',
      numberBetween(1e-6, 1e9),
    )
    .option('--min-accuracy <n>', 'of at least this accuracy, in the task’s unit', numberBetween(0, 100))
    .option('--max-params <n>', 'of at most so many parameters', numberBetween(1, 1e15))
    .option('--max-macs <n>', 'of at most so many multiply-accumulates', numberBetween(1, 1e18))
    .option('--from-run <id>', 'begin with what an earlier run of the space evaluated')
    .option('--predicted-front', 'evaluate first the front that what was evaluated before predicts')
    .option('--no-predicted-front', 'do not, also where pruning evaluated networks')
    .option('--budget <n>', 'evaluations of a run', wholeNumberBetween(1, 1_000_000), 3000)
    .option('--seeds <n>', 'number of runs, seeds from 0', wholeNumberBetween(1, 100), 1)
    .option('--no-wait', 'print the ids of the runs and return')
    .option('--json')
    .action(async (address: string, options: StartOptions) => {
      const { profile, source, budget, seeds, wait, json } = options;
      const client = connectPatiently();
      const spaceVersionId = await versionId(client, address);
      const { startSearch } = await client.send(StartSearchDocument, {
        input: {
          idempotencyKey: randomUUID(),
          spaceVersionId,
          deviceProfileId: profile,
          accuracySourceId: await sourceId(client, spaceVersionId, source),
          ...told(options),
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

/** Only what was given: the server knows what holds otherwise. */
function told({
  sampler,
  set,
  maxLatency: latencyMs,
  minAccuracy: accuracy,
  maxParams: paramCount,
  maxMacs: macs,
  fromRun: searchRunId,
  predictedFront,
}: StartOptions): Pick<StartSearchInput, 'sampler' | 'settings' | 'limits' | 'warmStart'> {
  const limits = given({ latencyMs, accuracy, paramCount, macs });
  const warmStart = given({ searchRunId, predictedFront });
  return {
    ...(sampler !== undefined && { sampler }),
    ...(set !== undefined && { settings: set }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(warmStart).length > 0 && { warmStart }),
  };
}

const given = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

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
