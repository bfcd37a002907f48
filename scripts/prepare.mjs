// Makes a clone ready to run: installs what is missing, builds what has changed. Needs Node.js and npm alone.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const stamps = join(root, 'node_modules', '.espalier');

/** Installs when the lock file is not what was installed, generates and builds when sources are not what was built. */
export function prepare({ web = true, say = (line) => console.error(line) } = {}) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Error(`Node.js ${process.versions.node} is too old: Espalier needs 20.19 or newer.`);
  install(say);
  step(
    'packages',
    ['nas', 'client', 'benchmarks', 'migrations', 'server', 'device-agent', 'cli', 'scripts'],
    ['nas/dist', 'server/dist', 'cli/dist', 'device-agent/dist'],
    say,
    () => {
      say('Building…');
      run(process.execPath, [join(root, 'scripts/generate.mjs')], 'generating code');
      run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b'], 'compiling');
    },
  );
  if (web)
    step('web', WEB_SOURCES, ['web/.next/BUILD_ID', 'web/public/onnxruntime-web'], say, () => {
      say('Building the web pages…');
      run('npm', ['run', 'build', '--workspace', 'web'], 'building the web pages');
    });
}

function install(say) {
  const want = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(stamps, 'install');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  say('Installing packages…');
  run('npm', ['ci', '--no-audit', '--no-fund'], 'installing packages', whyInstallingFailed);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, want);
}

function step(name, folders, products, say, build) {
  const want = hashOf(folders);
  const stamp = join(stamps, name);
  const built = products.every((product) => existsSync(join(root, product)));
  if (built && existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return;
  build();
  mkdirSync(stamps, { recursive: true });
  // Hashed before the build, so that an edit during it is built next time.
  writeFileSync(stamp, want);
}

/** The measuring page is the agent's browser half. */
const WEB_SOURCES = ['web', 'nas', 'client', 'device-agent', 'server/src', 'scripts/onnxruntime-web.mjs'];

const SOURCE = /\.(ts|tsx|mts|mjs|graphql|css|json)$/;
const SKIPPED = new Set(['node_modules', 'dist', '.next', 'generated', 'onnxruntime-web']);

function hashOf(folders) {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (statSync(path).isDirectory()) {
      for (const entry of readdirSync(path).sort()) if (!SKIPPED.has(entry)) visit(join(path, entry));
    } else if (SOURCE.test(path) && !path.endsWith('.test.ts')) hash.update(path).update(readFileSync(path));
  };
  for (const folder of folders) visit(join(root, folder));
  for (const file of ['package-lock.json', 'tsconfig.base.json']) hash.update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function run(command, args, what, explain = () => '') {
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    // Standard output stays free for the result of the command that asked for this.
    stdio: ['ignore', 2, 'pipe'],
    shell: process.platform === 'win32',
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  process.stderr.write(result.stderr ?? '');
  if (result.error?.code === 'ENOENT') throw new Error(`${command} was not found: install it with Node.js.`);
  if (result.status !== 0) throw new Error(`Failed while ${what}.${explain(result.stderr ?? '')}`);
}

/** The usual reasons, from npm's words. */
function whyInstallingFailed(said) {
  if (/ENOSPC/.test(said)) return ' The disk is full: make room and start again.';
  if (/EACCES|EPERM|EROFS/.test(said)) return ` ${root} cannot be written to.`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/.test(said))
    return ' The npm registry cannot be reached: check the network, or npm’s registry and proxy settings.';
  return ' What npm said is above.';
}
