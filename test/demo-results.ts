import { describe, expect, it } from 'vitest';

interface Group {
  readonly label: string;
  readonly spaceSize: string;
  readonly evaluationsToTarget: number | null;
  readonly seedsReachingTarget: number;
  readonly speedup: number | null;
  readonly gd: readonly (number | null)[];
  readonly igdPlus: readonly (number | null)[];
}

/** What the demo prints at its end. */
export interface Demo {
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
}

/** What the demo finds on a machine of any speed: figures that a reader of its results is told. */
export function demoResults(demoOf: () => Demo): void {
  const group = (label: string): Group => {
    const found = demoOf().comparison.groups.find((each) => each.label === label);
    if (!found)
      throw new Error(
        `No group ${label} among ${demoOf()
          .comparison.groups.map((each) => each.label)
          .join()}`,
      );
    return found;
  };

  /** Median IGD+ from `evaluations` on, at each checkpoint. */
  const igdFrom = (label: string, evaluations: number): number[] =>
    demoOf().comparison.checkpoints.flatMap((at, i) => {
      const value = group(label).igdPlus[i];
      return at >= evaluations && value != null ? [value] : [];
    });

  describe('the demo', () => {
    it('ends with all of its results', () => {
      expect(Object.keys(demoOf())).toEqual(
        expect.arrayContaining(['profile', 'pruned', 'searches', 'frontier', 'comparison']),
      );
    });

    it('profiles all 81 (stage, block) pairs', () => {
      expect(demoOf().profile.blocks).toBe(81);
      const latencies = demoOf().profile.latencyMs.flat();
      expect(latencies).toHaveLength(81);
      expect(Math.min(...latencies)).toBeGreaterThan(0);
      expect(demoOf().profile.quality.repeatabilitySpearman).toBeGreaterThanOrEqual(0.97);
    });

    it('searches the full and each pruned space with ten seeds', () => {
      expect(demoOf().pruned.map((each) => each.label)).toEqual([
        'block effect 70 %',
        'block effect 90 %',
        'params/latency 70 %',
        'random 70 %',
      ]);
      expect(demoOf().searches).toMatchObject({ runs: 60, evaluations: 180_000 });
      expect(group('unpruned').spaceSize).toBe('19683');
    });

    it('reaches the unpruned target with at least 3 times fewer evaluations when 70 % go by block effect and come back as progress stalls', () => {
      expect(demoOf().comparison.baseline).toBe('unpruned');
      expect(group('block effect 70 %, un-pruned progressively').speedup).toBeGreaterThanOrEqual(3);
    });

    it('is nearer to the front than the unpruned search also at its end, when what was pruned came back', () => {
      const [last] = igdFrom('block effect 70 %, un-pruned progressively', 3000);
      const [unpruned] = igdFrom('unpruned', 3000);
      expect(last).toBeLessThan(unpruned ?? 0);
    });

    it('is ahead of the unpruned search at 500 evaluations also when it is pruned once', () => {
      const at = demoOf().comparison.checkpoints.indexOf(500);
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
        expect(demoOf().comparison.verdict.join(' ')).toContain(label);
      },
    );

    it('publishes a frontier whose every architecture is measured end to end', () => {
      const { entries } = demoOf().frontier;
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
}
