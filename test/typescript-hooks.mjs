// Module hooks (nodejs.org/api/module.html#customization-hooks): a missing .js is the .ts beside it, compiled when it is loaded,
// and a package of ours is its sources.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url).href;

export function resolve(specifier, context, next) {
  // A thread's entry has no parent.
  if (specifier.startsWith(root) && specifier.endsWith('.js')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'));
    if (!existsSync(new URL(specifier)) && existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  const [, name, part] = /^@espalier\/(nas|benchmarks)\/([a-z-]+)$/.exec(specifier) ?? [];
  if (name && context.parentURL?.endsWith('.ts'))
    return { url: `${root}${name}/${part}/index.ts`, shortCircuit: true };
  if (/^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(url)) return { url: url.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const { transformSync } = await import('rolldown/utils');
  const path = fileURLToPath(url);
  const { code, errors } = transformSync(path, readFileSync(path, 'utf8'));
  if (errors.length > 0) throw new Error(errors[0].message);
  return { format: 'module', source: code, shortCircuit: true };
}
