import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** The two spaces of this folder. */
export type FashionSpaceName = 'fashion-mobile' | 'fashion-blox';

/** A file of the benchmark that is missing or not what it should be; `path` says which. */
export class FashionDataError extends Error {
  override readonly name = 'FashionDataError';

  constructor(
    readonly path: string,
    what: string,
  ) {
    super(`${path}: ${what}`);
  }
}

/** Reads a file of the benchmark, unpacked when its name ends in `.gz`. Throws FashionDataError when there is none. */
export function readFashionFile(...path: readonly string[]): Uint8Array {
  const file = join(fashionFolder(), ...path);
  if (!existsSync(file)) throw new FashionDataError(file, 'not found');
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** `mobile` or `blox`: where a space's files lie. */
export function folderOf(space: FashionSpaceName): string {
  return space === 'fashion-mobile' ? 'mobile' : 'blox';
}

let found: string | undefined;

/** The folder that holds the images: this one, or, when running from `dist`, `fashion` beside an ancestor. */
function fashionFolder(): string {
  if (found !== undefined) return found;
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const candidate of [folder, join(folder, 'fashion')])
      if (existsSync(join(candidate, 'images.u8.gz'))) return (found = candidate);
    const parent = dirname(folder);
    if (parent === folder)
      throw new FashionDataError('images.u8.gz', 'not found beside this module or above it');
    folder = parent;
  }
}
