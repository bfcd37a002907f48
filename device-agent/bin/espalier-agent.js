#!/usr/bin/env node
// In the repository, so that `npm ci` in a clone, which comes before the build, finds a command to link.
import { existsSync } from 'node:fs';

const program = new URL('../dist/main.js', import.meta.url);
if (!existsSync(program)) {
  process.stderr.write('The agent is not built yet: run `npm run build:packages` in the clone first.\n');
  process.exit(1);
}
await import(program.href);
