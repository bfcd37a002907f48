import { afterAll, expect, it } from 'vitest';
import { objectiveTable, runSeed, runSeeds, type SeedRun } from '@espalier/nas/search';
import { fashionMobile, spaceSize } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import { startSeedThreads, type SeedThreads } from './seed-threads.js';

const random = createRandom(7);
const column = (): Float64Array =>
  Float64Array.from({ length: Number(spaceSize(fashionMobile)) }, () => random.float());
const table = objectiveTable(fashionMobile, column(), column());
const opened: SeedThreads[] = [];
afterAll(() => Promise.all(opened.map((each) => each.close())));

it('searches on several threads find what they find one after another, in the order given', async () => {
  const runs = Array.from({ length: 5 }, (_, seed): SeedRun =>
    seed % 2 === 0
      ? { sampler: 'regularized-evolution', settings: { seed }, evaluations: 3000 - 500 * seed }
      : { sampler: 'nsga2', settings: { seed, populationSize: 20 }, evaluations: 700 },
  );
  const two = await startSeedThreads(table, 2);
  opened.push(two);
  expect(await runSeeds(runs, two.threads)).toEqual(runs.map((run) => runSeed(table, run)));
});

it('a search that cannot run fails, as it would here', async () => {
  const one = await startSeedThreads(table, 1);
  opened.push(one);
  const bad: SeedRun = { sampler: 'nsga2', settings: { seed: 1, populationSize: 0 }, evaluations: 10 };
  await expect(runSeeds([bad], one.threads)).rejects.toThrow(/populationSize must be an integer/);
});
