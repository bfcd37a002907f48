// Makes the agent a package of its own that needs nothing of this repository: `npm run pack:agent [FOLDER]` writes
// espalier-agent-VERSION.tgz of what is built, which `npm publish`, `npm install` and `npx --package=FILE espalier-agent` take.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './prepare.mjs';

const folder = mkdtempSync(join(tmpdir(), 'espalier-agent-'));
const into = resolve(process.argv[2] ?? root);
try {
  const used = await bundle(join(folder, 'dist'));
  describe(used);
  mkdirSync(into, { recursive: true });
  const packed = spawnSync('npm', ['pack', '--pack-destination', into], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.stderr}`);
  console.log(join(into, packed.stdout.trim().split('\n').at(-1) ?? ''));
} finally {
  rmSync(folder, { recursive: true });
}

/** Ours becomes part of it; what is published stays outside. Returns the names of the packages outside. */
async function bundle(dir) {
  const dist = (path) => join(root, 'device-agent/dist', path);
  const build = await rolldown({
    // The second is a program of its own, which the first starts from its own folder.
    input: { main: dist('main.js'), 'runtime-child': dist('runtimes/runtime-child.js') },
    platform: 'node',
    external: (id) => isBuiltin(id) || (!/^[./]/.test(id) && !id.startsWith('@espalier/')),
  });
  const { output } = await build.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
  chmodSync(join(dir, 'main.js'), 0o755);
  const imports = output.flatMap((file) => (file.type === 'chunk' ? file.imports : []));
  return [...new Set(imports.filter((id) => !isBuiltin(id) && !/\.js$/.test(id)))].sort();
}

function describe(used) {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const own = read('device-agent/package.json');
  const wanted = ['device-agent', 'nas', 'client'].map((each) => read(`${each}/package.json`).dependencies);
  const rangeOf = (name) => {
    const range = wanted.map((dependencies) => dependencies?.[name]).find((each) => each !== undefined);
    if (range === undefined) throw new Error(`${name} is used, but no package.json says in which version.`);
    return range;
  };
  const description = {
    name: 'espalier-agent',
    version: own.version,
    description: 'Measures neural networks on this machine for an Espalier server.',
    license: own.license,
    type: 'module',
    engines: read('package.json').engines,
    bin: { 'espalier-agent': 'dist/main.js' },
    files: ['dist', 'README.md'],
    dependencies: Object.fromEntries(used.map((name) => [name, rangeOf(name)])),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description, null, 2));
  cpSync(join(root, 'device-agent/README.md'), join(folder, 'README.md'));
}
