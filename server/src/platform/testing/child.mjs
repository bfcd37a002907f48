// Runs a TypeScript module of the server in a process of its own, so that a test can kill it:
// `child.mjs <module> <export> <argument as JSON>` calls the export and sends what it resolves to.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const [module = '', name = '', argument = 'null'] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const vite = await createServer({
  configFile: false,
  root,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
  resolve: {
    alias: [
      { find: /^@espalier\/(nas|benchmarks)\/([a-z-]+)$/, replacement: `${root}$1/$2/index.ts` },
      { find: /^@espalier\/migrations$/, replacement: `${root}migrations/index.ts` },
    ],
  },
});
const loaded = await vite.ssrLoadModule(fileURLToPath(module));
process.send?.((await loaded[name](JSON.parse(argument))) ?? null);
