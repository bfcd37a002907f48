import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

interface Group {
  readonly label: string;
  readonly spaceSize: string;
  readonly evaluationsToTarget: number | null;
  readonly seedsReachingTarget: number;
  readonly speedup: number | null;
  readonly gd: readonly (number | null)[];
  readonly igdPlus: readonly (number | null)[];
}

interface Demo {
  readonly profile: {
    readonly target: string;
    readonly blocks: number;
    readonly fixedMs: number;
    readonly latencyMs: readonly (readonly number[])[];
    readonly quality: { readonly repeatabilitySpearman: number; readonly additivityMape: number };
  };
  readonly pruned: readonly { readonly label: string; readonly size: string }[];
  readonly searches: { readonly runs: number; readonly evaluations: number };
  readonly frontier: {
    readonly leaderboard: string;
    readonly entries: readonly {
      readonly encoding: readonly number[];
      readonly accuracy: number;
      readonly predictedMs: number;
      readonly measuredMs: number | null;
    }[];
  };
  readonly comparison: {
    readonly baseline: string;
    readonly targetIgdPlus: number;
    readonly checkpoints: readonly number[];
    readonly verdict: readonly string[];
    readonly groups: readonly Group[];
  };
  readonly seconds: number;
}

const MINUTES = 60_000;
const script = fileURLToPath(new URL('../scripts/demo.mjs', import.meta.url));
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('espalier-demo-'));

let before: string[];
let run: { readonly code: number | null; readonly output: string; readonly progress: string };
let demo: Demo;

beforeAll(async () => {
  before = leftovers();
  run = await new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let progress = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (progress += chunk.toString()));
    child.once('close', (code) => resolve({ code, output, progress }));
  });
  if (run.code !== 0) throw new Error(`npm run demo exited with ${run.code}:\n${run.progress.slice(-3000)}`);
  demo = JSON.parse(run.output.trim().split('\n').at(-1) ?? '') as Demo;
}, 6 * MINUTES);

const group = (label: string): Group => {
  const found = demo.comparison.groups.find((each) => each.label === label);
  if (!found)
    throw new Error(`No group ${label} among ${demo.comparison.groups.map((each) => each.label).join()}`);
  return found;
};

/** Median IGD+ from `evaluations` on, at each checkpoint. */
const igdFrom = (label: string, evaluations: number): number[] =>
  demo.comparison.checkpoints.flatMap((at, i) => {
    const value = group(label).igdPlus[i];
    return at >= evaluations && value != null ? [value] : [];
  });

describe('npm run demo', () => {
  it('ends with one JSON line and leaves no data behind', () => {
    expect(Object.keys(demo)).toEqual(
      expect.arrayContaining(['profile', 'pruned', 'searches', 'frontier', 'comparison', 'seconds']),
    );
    expect(leftovers()).toEqual(before);
    expect(run.progress).toMatch(/profile: \d+ of \d+/);
    expect(demo.seconds).toBeLessThan(240);
  });

  it('profiles all 81 (stage, block) pairs', () => {
    expect(demo.profile.blocks).toBe(81);
    const latencies = demo.profile.latencyMs.flat();
    expect(latencies).toHaveLength(81);
    expect(Math.min(...latencies)).toBeGreaterThan(0);
    expect(demo.profile.quality.repeatabilitySpearman).toBeGreaterThanOrEqual(0.97);
  });

  it('searches the full and each pruned space with ten seeds', () => {
    expect(demo.pruned.map((each) => each.label)).toEqual([
      'block effect 70 %, pruned anew',
      'block effect 70 %',
      'block effect 90 %',
      'params/latency 70 %',
      'random 70 %',
    ]);
    expect(demo.searches).toMatchObject({ runs: 60, evaluations: 180_000 });
    expect(group('unpruned').spaceSize).toBe('19683');
  });

  it('reaches the unpruned target with at least 3 times fewer evaluations when 70 % go by block effect', () => {
    expect(demo.comparison.baseline).toBe('unpruned');
    expect(group('block effect 70 %, pruned anew').speedup).toBeGreaterThanOrEqual(3);
  });

  it('is ahead of the unpruned search at 500 evaluations also when it is pruned once', () => {
    const at = demo.comparison.checkpoints.indexOf(500);
    expect(group('block effect 70 %').igdPlus[at]).toBeLessThan(group('unpruned').igdPlus[at] ?? 0);
  });

  it.each(['params/latency 70 %', 'random 70 %'])(
    'ends worse than unpruned from 1000 on with %s',
    (label) => {
      const pruned = igdFrom(label, 1000);
      const full = igdFrom('unpruned', 1000);
      expect(full.length).toBeGreaterThanOrEqual(3);
      expect(pruned).toHaveLength(full.length);
      pruned.forEach((value, at) => expect(value).toBeGreaterThan(full[at] ?? Infinity));
      expect(demo.comparison.verdict.join(' ')).toContain(label);
    },
  );

  it('publishes a frontier whose every architecture is measured end to end', () => {
    const { entries } = demo.frontier;
    expect(entries.length).toBeGreaterThanOrEqual(5);
    for (const [at, { accuracy, predictedMs, measuredMs }] of entries.entries()) {
      expect(measuredMs).toBeGreaterThan(0);
      const next = entries[at + 1];
      if (!next) continue;
      expect(next.predictedMs).toBeGreaterThan(predictedMs);
      expect(next.accuracy).toBeGreaterThan(accuracy);
    }
  });
});
