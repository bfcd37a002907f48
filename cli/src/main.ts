#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { accuracyCommands } from './commands/accuracy.js';
import { comparisonCommands } from './commands/comparisons.js';
import { demoCommand } from './commands/demo.js';
import { deviceCommands } from './commands/devices.js';
import { leaderboardCommands } from './commands/leaderboards.js';
import { modelCommands } from './commands/models.js';
import { poolCommands } from './commands/pools.js';
import { profileCommands } from './commands/profiles.js';
import { pruningCommands } from './commands/pruning.js';
import { searchCommands } from './commands/searches.js';
import { sessionCommands } from './commands/session.js';
import { spaceCommands } from './commands/spaces.js';
import { trialCommands } from './commands/trials.js';
import { EXIT, explain } from './failures.js';

const program = new Command('espalier')
  .description('Espalier from a terminal. `espalier login`, or set ESPALIER_URL and ESPALIER_TOKEN.')
  .showHelpAfterError()
  .exitOverride();

for (const add of [
  sessionCommands,
  spaceCommands,
  modelCommands,
  accuracyCommands,
  deviceCommands,
  poolCommands,
  profileCommands,
  pruningCommands,
  searchCommands,
  trialCommands,
  comparisonCommands,
  leaderboardCommands,
  demoCommand,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has been said already; help that was asked for is no failure.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.USAGE;
  } else {
    const { message, exitCode } = explain(error);
    console.error(message);
    process.exitCode = exitCode;
  }
}
