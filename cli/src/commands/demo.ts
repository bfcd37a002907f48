import type { Command } from 'commander';
import { oneOf } from '../arguments.js';
import { connectPatiently } from '../connection.js';
import { runDemo } from '../demo/run-demo.js';
import { progressLines } from '../output.js';

const SPACES = ['mobile', 'blox'] as const;

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'Profile, prune, search, compare, publish: the whole path. The last line is one JSON object.',
    )
    .option('--space <space>', SPACES.join(', '), oneOf(SPACES), 'mobile')
    .option('--team <team>', 'short name of the team that owns the spaces', 'demo')
    .action(async ({ space, team }: { space: (typeof SPACES)[number]; team: string }) => {
      const result = await runDemo({
        client: connectPatiently(),
        team,
        space: `fashion-${space}`,
        progress: progressLines(),
      });
      console.log(JSON.stringify(result));
    });
}
