import { readFileSync, readdirSync } from 'node:fs';

/** A file of /sys or /proc without surrounding blanks; null where it does not exist or may not be read. */
export function readSystemFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Names in such a folder, sorted; none where it does not exist or may not be read. */
export function listSystemFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
