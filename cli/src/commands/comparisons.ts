import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { group, oneOf, wholeNumberBetween } from '../arguments.js';
import { connect } from '../connection.js';
import { CompareSearchesDocument, PublishSearchDocument } from '../graphql/generated/documents.js';
import { table } from '../table.js';

interface CompareOptions {
  readonly group: { label: string; searchRunIds: string[] }[];
  readonly baseline?: string;
  readonly name: string;
  readonly target: number;
  readonly visibility: 'PRIVATE' | 'PUBLIC';
  readonly json?: boolean;
}

const VISIBILITIES = ['PRIVATE', 'PUBLIC'] as const;

export function comparisonCommands(program: Command): void {
  program
    .command('compare')
    .description('Hold groups of searches side by side.')
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
    .option('--visibility <visibility>', VISIBILITIES.join(', '), oneOf(VISIBILITIES), 'PRIVATE')
    .option('--json')
    .action(async ({ group: groups, baseline, name, target, visibility, json }: CompareOptions) => {
      const { comparison } = (
        await connect().send(CompareSearchesDocument, {
          input: {
            idempotencyKey: randomUUID(),
            name,
            groups,
            baseline: baseline ?? null,
            targetEvaluations: target,
            visibility,
          },
        })
      ).compareSearches;
      if (json) return console.log(JSON.stringify(comparison, null, 2));
      const rows = comparison.groups.map((each) => [
        each.label,
        each.spaceSize,
        each.evaluationsToTarget ?? 'not reached',
        each.speedup === null ? '' : `${each.speedup.toFixed(1)}×`,
        each.seedsReachingTarget,
        each.igdPlus.median.at(-1)?.toFixed(4) ?? '',
      ]);
      console.log(
        table(
          ['group', 'architectures', 'evaluations to target', 'speed-up', 'seeds', 'IGD+ at the end'],
          rows,
        ),
      );
      console.log(`\n${comparison.verdict.join('\n')}\n\n${comparison.id}`);
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
