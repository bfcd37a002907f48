/** How far apart two readings of a browser's clock are at least: browsers coarsen it so that no page can time others. */
export type Clock = () => number;

/** A sample is at least this many steps of the clock long, so that reading it errs by 1 % at most. */
export const STEPS_PER_SAMPLE = 100;

const STEPS = 50;
/** A clock of 100 ms, as some browsers have against fingerprinting, is not waited for fifty times. */
const MOST_MS = 500;
const MOST_RUNS = 100_000;

const clockOfThePage: Clock = () => performance.now();

/** The smallest step that the clock was seen to take, milliseconds. Takes half a second at most, or two steps. */
export function timerResolutionMs(now: Clock = clockOfThePage): number {
  const begun = now();
  let least = Infinity;
  for (let step = 0; step < STEPS && (step < 2 || now() - begun < MOST_MS); step++) {
    const start = now();
    let next = now();
    while (next === start) next = now();
    least = Math.min(least, next - start);
  }
  return least;
}

export interface Sample {
  /** Mean wall time of a run, milliseconds. */
  readonly runMs: number;
  /** Runs that it is the mean of: the `runs` to begin the next sample with. */
  readonly runs: number;
}

/**
 * Times `runs` runs in a row and divides. A sample shorter than 100 steps of the clock is taken again with more runs, so what is
 * returned never is, unless even 100,000 runs are too short.
 */
export async function timeRuns(
  run: () => Promise<unknown>,
  runs: number,
  resolutionMs: number,
  now: Clock = clockOfThePage,
): Promise<Sample> {
  const wantedMs = STEPS_PER_SAMPLE * resolutionMs;
  for (let count = runs; ;) {
    const start = now();
    for (let each = 0; each < count; each++) await run();
    const elapsedMs = now() - start;
    if (elapsedMs >= wantedMs || count >= MOST_RUNS) return { runMs: elapsedMs / count, runs: count };
    // A tenth more than it seems to take, so that the next is not short by a hair.
    const enough = Math.ceil((1.1 * count * wantedMs) / Math.max(elapsedMs, resolutionMs));
    count = Math.min(MOST_RUNS, Math.max(count + 1, enough));
  }
}
