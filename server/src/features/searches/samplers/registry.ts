import {
  asRanked,
  constrainedEvolution,
  exhaustiveSearch,
  localSearch,
  nsga2,
  progressiveUnpruning,
  randomMutationSearch,
  randomSearch,
  rankedWithin,
  regularizedEvolution,
  repruningEvolution,
  restoreConstrainedEvolution,
  restoreExhaustiveSearch,
  restoreLocalSearch,
  restoreNsga2,
  restoreProgressiveUnpruning,
  restoreRandomMutationSearch,
  restoreRandomSearch,
  restoreRegularizedEvolution,
  restoreRepruningEvolution,
  restoreSurrogateSearch,
  surrogateSearch,
} from '@espalier/nas/search';
import type { SamplerKind } from '../../../graphql/generated/resolvers.js';
import { badInput } from '../../../platform/errors.js';
import { by, byTelling, knownWithin, type Beginning, type Planned, type SamplerEntry } from './entry.js';
import { numeric, share, whole, type SettingValues } from './setting.js';

const populationSize = (fallback: number) =>
  whole('populationSize', 'Networks that the population holds.', [1, 10_000], fallback);

/** Settings as the samplers take them; they bear the same names. */
const chosen = ({ seed, kept, limits, settings }: Beginning) => {
  const { parents, ...rest } = settings;
  return { ...rest, ...parentsOf(parents), seed, kept, limits };
};

const parentsOf = (parents: SettingValues['parents']) =>
  parents === undefined
    ? {}
    : { parents: parents === 'ACCURACY' ? ('accuracy' as const) : ('pareto' as const) };

/** Of each kind what a reader sees of it, what it can be told, and how it begins and goes on. */
export const SAMPLERS: Readonly<Record<SamplerKind, SamplerEntry>> = {
  REGULARIZED_EVOLUTION: {
    name: 'regularised evolution',
    summary: 'Changes one choice of the best of a few networks; the oldest leaves. Steady, and the default.',
    settings: [
      populationSize(50),
      whole('tournamentSize', 'Networks of which the best becomes a parent.', [1, 1000], 10),
    ],
    isSteeredByLimits: true,
    learns: true,
    ...by(
      (beginning) => ({
        ...chosen(beginning),
        initial: knownWithin(beginning),
        first: beginning.first,
      }),
      (space, { limits, initial, ...settings }) =>
        rankedWithin(
          limits,
          regularizedEvolution(space, {
            ...settings,
            initial: initial.map((each) => asRanked(limits, each)),
          }),
        ),
      (space, { limits, ...settings }, checkpoint) =>
        rankedWithin(limits, restoreRegularizedEvolution(space, settings, checkpoint)),
      true,
    ),
  },
  REPRUNING_EVOLUTION: {
    name: 'evolution that prunes anew',
    summary: 'Regularised evolution that prunes the whole space anew by block effect from all it has seen.',
    settings: [
      whole('every', 'Evaluations between two prunings.', [1, 1_000_000], 100),
      whole('rounds', 'Prunings in all.', [1, 1000], 6),
    ],
    isSteeredByLimits: false,
    learns: true,
    budgetOf: ({ version, budget }) => {
      if (version.pruning?.rule === 'BLOCK_EFFECT') return budget;
      throw badInput('input.sampler', 'REPRUNING_EVOLUTION needs a version pruned by BLOCK_EFFECT.');
    },
    ...by(
      ({ seed, settings, known, blockLatencyMs, ratio }) => ({
        ...settings,
        seed,
        profiled: known,
        blockLatencyMs,
        ratio,
      }),
      repruningEvolution,
      restoreRepruningEvolution,
    ),
  },
  RANDOM: {
    name: 'random sampling',
    summary: 'Uniform over the space, without memory: the baseline that every other has to beat.',
    settings: [],
    isSteeredByLimits: false,
    learns: false,
    ...by(({ seed, kept }) => ({ seed, kept }), randomSearch, restoreRandomSearch),
  },
  EXHAUSTIVE: {
    name: 'exhaustive search',
    summary: 'Every network once, in order: for spaces that the budget covers.',
    settings: [],
    isSteeredByLimits: false,
    learns: false,
    budgetOf: ({ version, budget, prior }) => {
      const needed = BigInt(version.size) + BigInt(prior);
      if (needed <= BigInt(budget)) return Number(needed);
      const pruning = prior > 0 ? ` and ${prior} were spent on pruning` : '';
      throw badInput(
        'input.budget',
        `EXHAUSTIVE evaluates every network: the space has ${version.size}${pruning}, the budget is ${budget}.`,
        { needed: String(needed) },
      );
    },
    ...by(({ kept }) => ({ kept }), exhaustiveSearch, restoreExhaustiveSearch),
  },
  NSGA2: {
    name: 'NSGA-II',
    summary: 'Mixes and mutates networks and keeps the best front, well spread. Good under limits.',
    settings: [
      populationSize(100),
      {
        name: 'childCount',
        meaning: 'Networks evaluated between two selections; 1 is steady-state.',
        kind: 'INTEGER',
        least: 1,
        most: 10_000,
        fallback: ({ populationSize: size }) => size ?? 100,
        fallbackWords: 'the population’s size',
      },
      share('crossoverRate', 'Share of the children that mix two parents.', 0.9),
      numeric('NUMBER', 'mutatedLayers', 'Expected number of choices that mutate in a child.', [0, 256], 1),
    ],
    isSteeredByLimits: true,
    learns: true,
    ...by(
      (beginning) => ({
        ...chosen(beginning),
        initial: knownWithin(beginning),
        first: beginning.first,
      }),
      nsga2,
      restoreNsga2,
      true,
    ),
  },
  LOCAL: {
    name: 'local search',
    summary: 'Tries every network that differs in one choice from a member of the front.',
    settings: [],
    isSteeredByLimits: true,
    learns: true,
    ...byTelling(chosen, localSearch, restoreLocalSearch),
  },
  RANDOM_MUTATION: {
    name: 'random mutation',
    summary:
      'Children of the front by a block more, one less or another one in each drawn stage (Mills 2021).',
    settings: [
      {
        name: 'parents',
        meaning: 'What parents are: the front of all seen, or the ten most accurate.',
        kind: 'CHOICE',
        options: ['PARETO', 'ACCURACY'],
        fallback: () => 'PARETO',
        fallbackWords: 'PARETO',
      },
      {
        name: 'initialCount',
        meaning: 'Networks drawn at first.',
        kind: 'INTEGER',
        least: 1,
        most: 10_000,
        fallback: ({ parents }) => (parents === 'ACCURACY' ? 20 : 100),
        fallbackWords: '100; 20 with ACCURACY parents',
      },
      {
        name: 'childCount',
        meaning: 'Children of one iteration, all different.',
        kind: 'INTEGER',
        least: 1,
        most: 10_000,
        fallback: ({ parents }) => (parents === 'ACCURACY' ? 50 : 200),
        fallbackWords: '200; 50 with ACCURACY parents',
      },
      {
        name: 'unitProbabilities',
        meaning: 'Probability of each stage, and of each position outside stages, to change in a child.',
        kind: 'NUMBERS',
        least: 0,
        most: 1,
        fallbackWords: 'those of the version’s pruning by EFFECT_OUTLIERS; else 1 ÷ their number, each',
      },
    ],
    isSteeredByLimits: true,
    learns: true,
    suggestedBy: ({ pruning }) =>
      pruning?.mutationProbabilities ? { unitProbabilities: [...pruning.mutationProbabilities] } : {},
    ...byTelling(chosen, randomMutationSearch, restoreRandomMutationSearch),
  },
  CONSTRAINED_EVOLUTION: {
    name: 'constrained evolution',
    summary: 'The most accurate network within limits, as Once-for-All searches for it; not a whole front.',
    settings: [
      populationSize(100),
      share('parentRatio', 'Share of the population that become parents.', 0.25),
      share('mutationRatio', 'Share of the children that mutate; the others mix two parents.', 0.5),
      share('mutationRate', 'Probability of each block and of each depth to be drawn anew.', 0.1),
      share('resolutionRate', 'The same of the resolution.', 0.5),
    ],
    isSteeredByLimits: true,
    learns: true,
    ...byTelling(chosen, constrainedEvolution, restoreConstrainedEvolution),
  },
  SURROGATE: {
    name: 'surrogate',
    summary:
      'Learns what to expect and asks for what should improve the front most: for accuracies that cost.',
    settings: [whole('initialCount', 'Networks drawn before it learns; known ones count.', [1, 10_000], 20)],
    isSteeredByLimits: true,
    learns: true,
    budgetOf: heldWhole('SURROGATE'),
    ...by(
      (beginning) => ({
        ...chosen(beginning),
        latencyOf: beginning.latencyOf,
        initial: knownWithin(beginning),
        first: beginning.first,
      }),
      surrogateSearch,
      restoreSurrogateSearch,
      true,
    ),
  },
  PROGRESSIVE_UNPRUNING: {
    name: 'progressive un-pruning',
    summary:
      'Begins where block effects prune most and opens the space as progress stalls; a model of the error proposes.',
    settings: [
      whole('initialCount', 'Networks drawn before it prunes; known ones count.', [1, 10_000], 32),
      numeric(
        'NUMBER',
        'startRatio',
        'Share of the choices that is out at first; 0 prunes nothing.',
        [0, 0.99],
        0.9,
      ),
    ],
    isSteeredByLimits: false,
    learns: true,
    budgetOf: heldWhole('PROGRESSIVE_UNPRUNING'),
    ...by(
      (beginning) => {
        const { initialCount: profileSize = 32, startRatio: ratio = 0.9 } = beginning.settings;
        const { seed, kept, blockLatencyMs } = beginning;
        return { seed, kept, blockLatencyMs, profileSize, ratio, profiled: knownWithin(beginning) };
      },
      progressiveUnpruning,
      restoreProgressiveUnpruning,
    ),
  },
};

/** Proposals take milliseconds, and checkpoints hold all that is known. */
const MOST_HELD = 10_000;

function heldWhole(kind: SamplerKind): (planned: Planned) => number {
  return ({ budget, warm }) => {
    if (budget + warm <= MOST_HELD) return budget;
    throw badInput(
      'input.budget',
      `${kind} holds all that it knows, at most ${MOST_HELD} evaluations; the budget is ${budget}${warm > 0 ? ` and the earlier run has ${warm}` : ''}.`,
    );
  };
}
