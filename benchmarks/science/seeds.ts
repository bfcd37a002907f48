import { objectiveTable, runSeeds, type SeedRun } from '@espalier/nas/search';
import { fashionBlox, spaceSize } from '@espalier/nas/space';
import { createRandom, median } from '@espalier/nas/stats';
import { startSeedThreads } from '../threads/seed-threads.js';
import type { Figure } from './figure.js';

const RUNS = 5;
const SEEDS = 8;
const EVALUATIONS = 1_000_000;

/**
 * `search.seeds.parallel`: eight seeds of regularized evolution over a shared table by one worker thread, ÷ the time by two.
 * Two should be twice as fast within 15 %. Both are timed in turn; threads are started before.
 */
export async function measureSeeds(): Promise<Figure[]> {
  const random = createRandom(1);
  const column = (): Float64Array =>
    Float64Array.from({ length: Number(spaceSize(fashionBlox)) }, () => random.float());
  const table = objectiveTable(fashionBlox, column(), column());
  const runs = Array.from({ length: SEEDS }, (_, seed): SeedRun => ({
    sampler: 'regularized-evolution',
    settings: { seed },
    evaluations: EVALUATIONS,
  }));
  const { threads, close } = await startSeedThreads(table, 2);
  const secondsOf = async (count: number): Promise<number> => {
    const start = performance.now();
    await runSeeds(runs, threads.slice(0, count));
    return (performance.now() - start) / 1000;
  };
  try {
    // Both threads' compilers are warmed up first.
    await secondsOf(2);
    const [one, two]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      one.push(await secondsOf(1));
      two.push(await secondsOf(2));
    }
    const value = median(one) / median(two);
    return [{ name: 'search.seeds.parallel', value, unit: '×', peer: 2, ratio: value / 2, n: RUNS }];
  } finally {
    await close();
  }
}
