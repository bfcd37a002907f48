import { nonDominated } from '../../pareto/index.js';
import { encodingIndex, fashionMobile, type Choice, type SearchSpace } from '../../space/index.js';
import { repeated, stage } from '../../space/families/parts.js';
import { createRandom } from '../../stats/index.js';
import { additiveLatency, objectiveTable, type Objectives } from '../index.js';

/** A full table of 27³ networks: additive latencies, errors that lean on the last layer, and its front. */
export const space = fashionMobile;

const random = createRandom(11);

export const table = objectiveTable(
  space,
  Float64Array.from({ length: 27 ** 3 }, (_, i) => 8 + (i % 27) * 0.01 + random.float()),
  additiveLatency(
    space,
    [0, 1, 2].map((layer) => Array.from({ length: 27 }, (_, b) => 1 + ((b * 7 + layer) % 27) / 10)),
    0.5,
  ),
);

export const evaluate = (encoding: Parameters<typeof encodingIndex>[1]): Objectives => {
  const index = encodingIndex(space, encoding);
  return { error: table.error[index] ?? NaN, latencyMs: table.latencyMs[index] ?? NaN };
};

const points = Array.from(table.error, (error, i) => [error, table.latencyMs[i] ?? NaN]);

export const reference = nonDominated(points).map((i) => points[i] ?? []);

const choices = Array.from({ length: 4 }, (_, i): Choice => ({
  name: `k${String(2 * i + 1)}`,
  label: '',
  block: { kind: 'relu-conv', kernel: 2 * i + 1 },
}));

/** Depths, resolutions and a constraint: its networks are no grid. */
export const constrained: SearchSpace = {
  ...fashionMobile,
  name: 'deep',
  resolutions: [28, 32],
  stages: ['a', 'b', 'c', 'd', 'e'].map((name) =>
    stage(name, { channels: [8, 16], layers: repeated(choices, 4), depths: [2, 4] }),
  ),
  constraints: [{ when: { position: 0, choices: [0] }, then: { position: 25, choices: [1] } }],
};

/** Objectives of its networks that choices add up to. */
export const judge = (encoding: readonly number[]): Objectives => ({
  error: encoding.reduce((sum, choice, at) => sum + ((choice * 7 + at) % 5), 0),
  latencyMs: encoding.reduce((sum, choice, at) => sum + ((choice * 3 + at) % 4), 1),
});
