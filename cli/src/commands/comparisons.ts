import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ascending, group, oneOf, wholeNumberBetween } from '../arguments.js';
import { comparisonEnd, comparisonOf, type ComparedGroups } from '../comparison-end.js';
import { connect } from '../connection.js';
import { CommandFailure } from '../failures.js';
import {
  CompareSearchesDocument,
  ComparisonFileDocument,
  ComparisonListDocument,
  PublishSearchDocument,
  type ComparisonFormat,
} from '../graphql/generated/documents.js';
import { showList } from '../output.js';
import { table } from '../table.js';

interface CompareOptions {
  readonly group: { label: string; searchRunIds: string[] }[];
  readonly baseline?: string;
  readonly name: string;
  readonly target: number;
  readonly columns?: number[];
  readonly normalisation: 'REFERENCE_FRONT' | 'SPACE_RANGE';
  readonly profile?: string;
  readonly source?: string;
  readonly visibility: 'PRIVATE' | 'PUBLIC';
  readonly json?: boolean;
}

const VISIBILITIES = ['PRIVATE', 'PUBLIC'] as const;
const NORMALISATIONS = ['REFERENCE_FRONT', 'SPACE_RANGE'] as const;
const FORMATS = { md: 'MARKDOWN', tex: 'LATEX', csv: 'CSV', json: 'JSON' } as const;

export function comparisonCommands(program: Command): void {
  program
    .command('compare')
    .description('Hold groups of searches side by side; waits for the result.')
    .requiredOption(
      '--group <label=runs>',
      'a label and ids of runs with commas between; at least twice',
      group,
    )
    .option('--baseline <label>', 'the group that the others are held against')
    .option('--name <name>', 'how the comparison is called', 'Comparison')
    .option(
      '--target <n>',
      "the baseline's evaluations that set the target",
      wholeNumberBetween(1, 1_000_000),
      2000,
    )
    .option('--columns <n,n>', 'evaluations at which the groups are compared', ascending)
    .option('--normalisation <unit>', NORMALISATIONS.join(', '), oneOf(NORMALISATIONS), 'REFERENCE_FRONT')
    .option('--profile <id>', 'the device profile that judges every network, where the runs used several')
    .option('--source <id>', 'the accuracy table that judges every network, where the runs used several')
    .option('--visibility <visibility>', VISIBILITIES.join(', '), oneOf(VISIBILITIES), 'PRIVATE')
    .option('--json')
    .action(async (options: CompareOptions) => {
      const { group: groups, baseline, name, target, visibility, json } = options;
      const client = connect();
      const { comparison } = (
        await client.send(CompareSearchesDocument, {
          input: {
            idempotencyKey: randomUUID(),
            name,
            groups,
            baseline: baseline ?? null,
            targetEvaluations: target,
            columns: options.columns ?? null,
            normalisation: options.normalisation,
            deviceProfileId: options.profile ?? null,
            accuracySourceId: options.source ?? null,
            visibility,
          },
        })
      ).compareSearches;
      show(await comparisonEnd(client, comparison), json);
    });

  const comparisons = program
    .command('comparisons')
    .description('Comparisons that you may see, newest first.')
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { nodes } = (await connect().send(ComparisonListDocument, { first: 100 })).comparisons;
      const rows = nodes.map((each) => [
        each.name,
        `${each.space.name} on ${each.target.name}`,
        each.status,
        each.id,
      ]);
      showList(nodes, { header: ['comparison', 'about', 'status', 'id'], rows }, json);
    });

  comparisons
    .command('show')
    .description('The groups, when they reach the target, and the verdict.')
    .argument('<id>')
    .option('--json')
    .action(async (id: string, { json }: { json?: boolean }) => {
      show(await comparisonOf(connect(), id), json);
    });

  comparisons
    .command('export')
    .description('The figures as a file: to standard output, or with --output to a file.')
    .argument('<id>')
    .option('--format <format>', Object.keys(FORMATS).join(', '), oneOf(Object.keys(FORMATS)), 'md')
    .option('--output <file>', 'write to this file')
    .action(async (id: string, { format, output }: { format: string; output?: string }) => {
      const { node } = await connect().send(ComparisonFileDocument, { id, format: formatOf(format) });
      if (!node || !('export' in node))
        throw new CommandFailure('FAILED', `Comparison ${id} not found (NOT_FOUND).`);
      if (!output) return void process.stdout.write(node.export.content);
      writeFileSync(output, node.export.content);
      console.error(`Wrote ${output}.`);
    });

  program
    .command('publish')
    .description('Merge the frontiers of searches into their leaderboard.')
    .argument('<runs...>', 'ids of runs that succeeded')
    .option('--visibility <visibility>', VISIBILITIES.join(', '), oneOf(VISIBILITIES), 'PUBLIC')
    .action(async (searchRunIds: string[], { visibility }: { visibility: 'PRIVATE' | 'PUBLIC' }) => {
      const input = { idempotencyKey: randomUUID(), searchRunIds, visibility };
      const { publishSearch } = await connect().send(PublishSearchDocument, { input });
      console.log(`${publishSearch.leaderboard.title}  ${publishSearch.leaderboard.id}`);
    });
}

function show(comparison: ComparedGroups, json: boolean | undefined): void {
  if (json) return console.log(JSON.stringify(comparison, null, 2));
  const rows = comparison.groups.map((each) => [
    each.label,
    each.spaceSize,
    each.evaluationsToTarget ?? 'not reached',
    each.speedup === null ? '' : `${each.speedup.toFixed(1)}×`,
    each.speedup === null ? '' : within(each.speedupInterval),
    each.seedsReachingTarget,
    meanWithSpread(each.igdPlus.mean.at(-1), each.igdPlus.standardDeviation.at(-1)),
  ]);
  console.log(
    table(
      ['group', 'architectures', 'evaluations to target', 'speed-up', '95 %', 'seeds', 'IGD+ at the end'],
      rows,
    ),
  );
  console.log(`\n${comparison.verdict.join('\n')}\n\n${comparison.reference}\n${comparison.id}`);
}

/** 0 and null are bounds of resamples in which one side never got there. */
function within(interval: ComparedGroups['groups'][number]['speedupInterval']): string {
  const { low, high } = interval ?? { low: null, high: null };
  if (high === null) return low ? `above ${low.toFixed(1)}` : '';
  return low ? `${low.toFixed(1)} to ${high.toFixed(1)}` : `up to ${high.toFixed(1)}`;
}

const meanWithSpread = (mean: number | null | undefined, deviation: number | null | undefined): string =>
  mean == null ? '' : `${mean.toFixed(4)}${deviation == null ? '' : ` ± ${deviation.toFixed(4)}`}`;

const formatOf = (format: string): ComparisonFormat => FORMATS[format as keyof typeof FORMATS];
