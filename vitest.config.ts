import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Tests run against the sources, so that a stale build can never make one pass. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@espalier\/(nas|benchmarks)\/([a-z-]+)$/, replacement: `${root}$1/$2/index.ts` },
      { find: /^@espalier\/(migrations|client)$/, replacement: `${root}$1/index.ts` },
    ],
  },
  test: {
    include: ['{nas,client,benchmarks,migrations,server,device-agent,cli,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
