// Copies what a measuring page loads of ONNX Runtime Web from node_modules to web/public/onnxruntime-web/VERSION, from where
// the web serves it: pages load nothing from elsewhere. What other versions left is removed.
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FILES = [
  'ort.wasm.min.mjs',
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.wasm',
  'ort.webgpu.min.mjs',
  'ort-wasm-simd-threaded.asyncify.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// The package does not export its package.json; its entry lies in `dist`, which is where the files are.
const dist = dirname(createRequire(join(root, 'device-agent/package.json')).resolve('onnxruntime-web'));
const { version } = JSON.parse(readFileSync(join(dist, '../package.json'), 'utf8'));

const folder = join(root, 'web/public/onnxruntime-web');
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, version), { recursive: true });
for (const file of FILES) cpSync(join(dist, file), join(folder, version, file));
