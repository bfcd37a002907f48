import type { Command } from 'commander';
import { connect } from '../connection.js';
import { CommandFailure } from '../failures.js';
import {
  LeaderboardDocument,
  LeaderboardsDocument,
  type LeaderboardQuery,
} from '../graphql/generated/documents.js';
import { csv, showList, type Shown } from '../output.js';
import { table } from '../table.js';

type Leaderboard = NonNullable<LeaderboardQuery['leaderboard']>;

export function leaderboardCommands(program: Command): void {
  const leaderboard = program.command('leaderboard').description('Published frontiers.');

  leaderboard
    .command('list')
    .description('Leaderboards that you may see.')
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { nodes } = (await connect().send(LeaderboardsDocument, {})).leaderboards;
      const rows = nodes.map((board) => [board.title, board.runCount, board.teamCount, board.id]);
      showList(nodes, { header: ['leaderboard', 'runs', 'teams', 'id'], rows }, json);
    });

  leaderboard
    .command('show')
    .description('The frontier of a leaderboard.')
    .argument('<id>')
    .option('--json')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const board = await find(id);
      const { header, rows } = frontier(board);
      console.log(json ? JSON.stringify(board, null, 2) : `${board.title}\n\n${table(header, rows)}`);
    });

  leaderboard
    .command('export')
    .description('The frontier as CSV, or as JSON, on standard output.')
    .argument('<id>')
    .option('--csv', 'as CSV; this is what it does by itself')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const board = await find(id);
      console.log(json ? JSON.stringify(board.frontier) : csv(frontier(board)));
    });
}

async function find(id: string): Promise<Leaderboard> {
  const { leaderboard } = await connect().send(LeaderboardDocument, { id });
  if (!leaderboard) throw new CommandFailure('FAILED', 'Leaderboard not found (NOT_FOUND).');
  return leaderboard;
}

function frontier(board: Leaderboard): Shown {
  return {
    header: [
      'architecture',
      `accuracy ${board.task.unit}`,
      'predicted ms',
      'measured ms',
      'parameters',
      'MACs',
      'team',
    ],
    rows: board.frontier.map((entry) => [
      entry.encoding.join('.'),
      entry.accuracy.toFixed(2),
      entry.predictedMs.toFixed(4),
      entry.measuredMs === null ? '' : `${entry.measuredMs.toFixed(4)}${entry.unstable ? ' (unstable)' : ''}`,
      entry.paramCount,
      entry.macs,
      entry.team.slug,
    ]),
  };
}
