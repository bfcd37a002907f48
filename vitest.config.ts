import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Unit tests run against the sources, so that a stale build can never make one pass. */
export default defineConfig({
  resolve: {
    alias: [
      // One instance for the sources and for the libraries, which Node.js gives this one.
      { find: /^graphql$/, replacement: `${root}node_modules/graphql/index.js` },
      { find: /^@espalier\/(nas|benchmarks)\/([a-z-]+)$/, replacement: `${root}$1/$2/index.ts` },
      { find: /^@espalier\/(migrations|client)$/, replacement: `${root}$1/index.ts` },
    ],
  },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['{nas,client,benchmarks,migrations,server,device-agent,cli}/**/*.test.ts'],
          globalSetup: ['test/global-setup.ts'],
          // Processes that the code under test starts from its own sources.
          env: { NODE_OPTIONS: `--import ${new URL('test/typescript-loader.mjs', import.meta.url).href}` },
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole systems as built, which measure: one after another, when nothing else runs.
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
