import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileBlobs } from './file-blobs.js';

describe('blobs in files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'espalier-blobs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const bytes = new TextEncoder().encode('a table of accuracies');
  const hash = createHash('sha256').update(bytes).digest('hex');
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/'));

  it('keeps bytes under their hash, once, whoever stores them when', async () => {
    const blobs = fileBlobs(folder);
    expect(await Promise.all([1, 2, 3, 4].map(() => blobs.put(bytes)))).toEqual(Array(4).fill(hash));
    expect(await blobs.put(bytes)).toBe(hash);
    expect(Buffer.from(await blobs.get(hash)).equals(bytes)).toBe(true);
    expect(files()).toHaveLength(1);
  });

  it('refuses bytes that were changed on disk', async () => {
    const blobs = fileBlobs(folder);
    await blobs.put(bytes);
    writeFileSync(join(folder, hash.slice(0, 2), hash), 'something else');
    await expect(blobs.get(hash)).rejects.toThrow(/damaged/);
  });

  it('refuses what is no hash, and what is not there', async () => {
    const blobs = fileBlobs(folder);
    await expect(blobs.get('../../etc/passwd')).rejects.toThrow(/Not a blob hash/);
    await expect(blobs.get(hash)).rejects.toThrow(/ENOENT/);
  });
});
