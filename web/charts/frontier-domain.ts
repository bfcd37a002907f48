import type { Point } from './frontier-steps';
import type { Interval } from './scale';
import type { TrialColumns } from './trial-columns';

/** What a frontier chart shows: milliseconds across, the task's unit up. */
export interface FrontierDomain {
  latencyMs: Interval;
  accuracy: Interval;
}

/** Holds the points with a margin; with a cloud all but its slowest 0.5 % and least accurate 1 %. */
export function frontierDomain(points: readonly Point[], cloud: TrialColumns | null): FrontierDomain {
  const latencies = points.map((p) => p.latencyMs);
  const accuracies = points.map((p) => p.accuracy);
  let [fastest, slowest] = [Math.min(...latencies), Math.max(...latencies)];
  let [worst, best] = [Math.min(...accuracies), Math.max(...accuracies)];
  if (points.length === 0) [fastest, slowest, worst, best] = [0.1, 1, 0, 1];
  if (cloud && cloud.latencyMs.length > 0) {
    const byLatency = cloud.latencyMs.slice().sort();
    const byAccuracy = cloud.accuracy.slice().sort();
    fastest = Math.min(fastest, byLatency[0] ?? fastest);
    slowest = Math.max(slowest, quantile(byLatency, 0.995));
    worst = Math.min(worst, quantile(byAccuracy, 0.01));
    best = Math.max(best, byAccuracy.at(-1) ?? best);
  }
  const width = slowest - fastest || slowest || 1;
  const height = best - worst || 1;
  return {
    latencyMs: [Math.max(fastest - width * 0.05, fastest * 0.8), slowest + width * 0.04],
    accuracy: [worst - height * 0.05, best + height * 0.07],
  };
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)] ?? 0;
}
