import { existsSync, readFileSync } from 'node:fs';
import { fashionBlox, fashionMobile, positionsOf, type SearchSpace } from '@espalier/nas/space';

/** Latencies of a space's blocks, `[layer][choice]`, and of what every network has, in milliseconds. */
export interface SpaceLatency {
  readonly space: SearchSpace;
  readonly blockLatencyMs: readonly (readonly number[])[];
  readonly fixedMs: number;
}

/** Targets whose blocks were measured for these benchmarks: one thread, two, and one with int8 weights. */
export const MEASURED_TARGETS = ['cpu-1t', 'cpu-2t', 'cpu-1t-int8'] as const;

/**
 * Reads `{ "fashion-mobile": { "blockLatencyMs": [[…], …], "fixedMs": 0.1 }, "fashion-blox": … }`; a space that the file
 * lacks is left out. Throws Error that says where the file is wrong.
 */
export function readLatencies(file: string): readonly SpaceLatency[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return [fashionMobile, fashionBlox].flatMap((space): SpaceLatency[] => {
    const entry = field(content, space.name);
    return entry === undefined ? [] : [readEntry(file, space, entry)];
  });
}

/** What `latencies/<space>.<target>.json` beside this file says; null when nothing was measured. Errors as `readLatencies`. */
export function measuredLatency(space: SearchSpace, target: string): SpaceLatency | null {
  const name = `latencies/${space.name}.${target}.json`;
  // Data files stay beside the sources when this runs from `dist/science`.
  const file = [name, `../../science/${name}`]
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  if (file === undefined) return null;
  return readEntry(file.pathname, space, JSON.parse(readFileSync(file, 'utf8')));
}

function readEntry(file: string, space: SearchSpace, entry: unknown): SpaceLatency {
  const table = field(entry, 'blockLatencyMs');
  const blockLatencyMs = positionsOf(space).map((layer, at) =>
    layer.choices.map(({ name, block }, i) => {
      if (block.kind === 'absent') return 0;
      const value = field(field(table, at), i);
      if (typeof value !== 'number' || !(value > 0))
        throw new Error(`${file}: ${space.name}: no latency of ${name} at ${layer.name}`);
      return value;
    }),
  );
  const fixed = field(entry, 'fixedMs');
  return { space, blockLatencyMs, fixedMs: typeof fixed === 'number' ? fixed : 0 };
}

function field(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}
