import { predictedFront, pruneByBlockEffect, type PerChoice } from '../prune/index.js';
import {
  choiceMeasure,
  encodingKey,
  keptSize,
  parseEncoding,
  sampleByChoices,
  type ChoiceMeasure,
  type Encoding,
  type KeptChoices,
  type SearchSpace,
} from '../space/index.js';
import { createRandom, median, restoreRandom, type Random, type RandomState } from '../stats/index.js';
import { joinCheckpoints, readCheckpoint, splitCheckpoints, writeCheckpoint } from './checkpoint.js';
import { SearchError } from './error.js';
import { Genomes } from './genomes.js';
import { NumbersReader } from './numbers-reader.js';
import type { Evaluated, Sampler } from './sampler.js';
import { candidatesNear } from './unpruning/candidates.js';
import { fitErrorModel, likeliestPrior, type ErrorModel, type ErrorPrior } from './unpruning/error-model.js';
import { mostPromising } from './unpruning/promising.js';
import { cornerOf, nearestTo, volumeOf, withPoint, type Staircase } from './unpruning/staircase.js';

export interface ProgressiveUnpruningSettings {
  readonly seed: number;
  /** Networks evaluated before, such as a profile's; they are part of what the search has seen. */
  readonly profiled: readonly Evaluated[];
  /** Milliseconds, `[layer][choice]`. */
  readonly blockLatencyMs: PerChoice;
  /** What the search ends in; everything by default. */
  readonly kept?: KeptChoices;
  /** Networks to be seen before anything is pruned; what `profiled` lacks of them is drawn choice by choice. 32 by default. */
  readonly profileSize?: number;
  /** The share of choices that is out at first, in [0, 1); 0.9 by default. 0 prunes nothing: the control. */
  readonly ratio?: number;
  /** By how much the ratio falls when progress stalls; 0.2 by default. */
  readonly step?: number;
  /** Progress stalls when so many evaluations made the front's hypervolume grow by no more than `progress`; 6 by default. */
  readonly patience?: number;
  /** A share of the hypervolume; 0.05 by default. */
  readonly progress?: number;
}

export interface ProgressiveUnpruningSampler extends Sampler {
  /** What is admitted by now. */
  readonly kept: KeptChoices;
}

/**
 * Progressive un-pruning: begins in the space that block effects prune most, and where the front's growth stalls, or no network is
 * left, admits the next choices of each layer, in the order of the effects as they are known by then. What is
 * admitted stays, all that was seen informs every choice, and in the end the whole space is open. Proposals come from a model of the
 * error (`fitErrorModel`): those from which the front is expected to gain most. docs/papers/progressive-unpruning.md.
 * SearchError SEARCH_INVALID_SETTINGS; PruningError as `pruneByBlockEffect` when it first prunes.
 */
export function progressiveUnpruning(
  space: SearchSpace,
  settings: ProgressiveUnpruningSettings,
): ProgressiveUnpruningSampler {
  const sampler = new ProgressiveUnpruning(space, settings);
  for (const evaluated of settings.profiled) sampler.tell(evaluated);
  return sampler;
}

/**
 * Goes on from `save()`. The settings must be those of the saved search (`profiled` is not read again); SearchError
 * SEARCH_INVALID_CHECKPOINT for other settings or damaged bytes.
 */
export function restoreProgressiveUnpruning(
  space: SearchSpace,
  settings: ProgressiveUnpruningSettings,
  checkpoint: Uint8Array,
): ProgressiveUnpruningSampler {
  const sampler = new ProgressiveUnpruning(space, settings);
  sampler.load(checkpoint);
  return sampler;
}

/** The model costs the cube of this: of more networks it sees those nearest to the front. */
const MODELLED = 300;

/** How many networks are chosen at once: an eighth of those seen, within these bounds. */
const [LEAST_BATCH, LARGEST_BATCH] = [4, 96];

class ProgressiveUnpruning implements ProgressiveUnpruningSampler {
  private readonly profileSize: number;
  private readonly step: number;
  private readonly patience: number;
  private readonly progress: number;
  private readonly name: string;
  /** All that the search may end in. */
  private readonly whole: Genomes;
  private readonly measure: ChoiceMeasure;
  /** How many networks there are in all. */
  private readonly size: number;
  /** What is admitted. */
  private admitted: Genomes | null = null;
  private ratio: number;
  private readonly seen: Evaluated[] = [];
  private front: Staircase<Evaluated> = [];
  /** The front when progress was last looked at, and how many networks had been seen. */
  private mark: { readonly front: Staircase; readonly seen: number } = { front: [], seen: 0 };
  /** Keys of all that was seen or asked for. */
  private readonly known = new Set<string>();
  private queue: Encoding[] = [];
  private prior: { readonly of: number; readonly prior: ErrorPrior } | null = null;
  private random: Random;

  constructor(
    private readonly space: SearchSpace,
    private readonly settings: ProgressiveUnpruningSettings,
  ) {
    const { seed, profileSize = 32, ratio = 0.9, step = 0.2, patience = 6, progress = 0.05 } = settings;
    if (!Number.isInteger(profileSize) || profileSize < 1)
      throw invalid(`profileSize must be a positive integer, got ${String(profileSize)}`);
    if (!Number.isInteger(patience) || patience < 1)
      throw invalid(`patience must be a positive integer, got ${String(patience)}`);
    if (!(ratio >= 0 && ratio < 1)) throw invalid(`ratio must be in [0, 1), got ${String(ratio)}`);
    if (!(step > 0 && step <= 1)) throw invalid(`step must be in (0, 1], got ${String(step)}`);
    if (!(progress >= 0)) throw invalid(`progress must be at least 0, got ${String(progress)}`);
    this.profileSize = profileSize;
    this.progress = progress;
    this.step = step;
    this.patience = patience;
    this.ratio = ratio;
    this.whole = new Genomes(space, settings.kept);
    this.measure = choiceMeasure(space, { kept: this.whole.kept });
    this.size = Number(keptSize(space, this.whole.kept));
    this.random = createRandom(seed);
    const numbers = [profileSize, ratio, step, patience, progress];
    this.name = `progressive-unpruning/1 ${JSON.stringify([space.name, seed, numbers, this.whole.kept])}`;
  }

  get kept(): KeptChoices {
    return this.admitted?.kept ?? this.whole.kept;
  }

  ask(): Encoding {
    if (this.queue.length === 0) this.queue = this.planned();
    const next = this.queue.shift() ?? this.drawn();
    this.known.add(encodingKey(next));
    return next;
  }

  tell(evaluated: Evaluated): void {
    this.whole.check(evaluated);
    const { encoding, error, latencyMs } = evaluated;
    if (!Number.isFinite(error) || !Number.isFinite(latencyMs))
      throw new SearchError(
        'SEARCH_INVALID_EVALUATION',
        `${encodingKey(encoding)} has error ${String(error)} and latency ${String(latencyMs)}`,
      );
    const told = { encoding, error, latencyMs };
    this.front = withPoint(this.front, told);
    this.seen.push(told);
    this.known.add(encodingKey(encoding));
  }

  save(): Uint8Array {
    const keys = new Set(this.seen.map(({ encoding }) => encodingKey(encoding)));
    const open = [...this.known].filter((key) => !keys.has(key)).map((key) => key.split('.').map(Number));
    const admitted = this.admitted?.kept ?? [];
    const state = [
      ...[this.ratio, this.mark.seen, ...this.random.state()],
      ...[admitted.length, ...admitted.flatMap((choices) => [choices.length, ...choices])],
      ...[this.queue.length, ...this.queue.flat()],
      ...[open.length, ...open.flat()],
    ];
    const seen = this.seen.flatMap(({ encoding, error, latencyMs }) => [...encoding, error, latencyMs]);
    return joinCheckpoints(writeCheckpoint(this.name, state), writeCheckpoint(this.name, seen));
  }

  load(checkpoint: Uint8Array): void {
    const [first, second] = splitCheckpoints(checkpoint);
    const width = this.whole.layerCount;
    const state = new NumbersReader(readCheckpoint(this.name, first));
    this.ratio = state.one();
    const marked = state.one();
    const numbers = readCheckpoint(this.name, second);
    const rows = new NumbersReader(numbers);
    for (let row = 0; row < numbers.length / (width + 2); row++) {
      const encoding = parseEncoding(this.space, rows.many(width));
      this.tell({ encoding, error: rows.one(), latencyMs: rows.one() });
      if (this.seen.length === marked) this.mark = { front: this.front, seen: marked };
    }
    const [a = 0, b = 0, c = 0, counter = 0] = state.many(4);
    const words: RandomState = [a, b, c, counter];
    this.random = restoreRandom(words);
    const admitted = state.list(() => state.list(() => state.one()));
    this.admitted = admitted.length === 0 ? null : new Genomes(this.space, admitted);
    this.queue = state.list(() => parseEncoding(this.space, state.many(width)));
    for (const choices of state.list(() => state.many(width))) this.known.add(choices.join('.'));
    state.end();
  }

  /** The next batch; empty while the profile lacks networks, and when all of the space is known. */
  private planned(): Encoding[] {
    if (this.seen.length < this.profileSize || this.known.size >= this.size) return [];
    const modelled = nearestTo(this.front, this.seen, MODELLED);
    const model = fitErrorModel(this.space, modelled, this.likeliestPrior());
    const effects = model.effects();
    if (this.admitted === null) this.admit(effects);
    else if (this.ratio > 0 && this.isStalled()) this.admitMore(effects);
    for (;;) {
      const batch = this.chosen(model, effects);
      if (batch.length > 0 || this.ratio === 0) return batch;
      this.admitMore(effects);
    }
  }

  private isStalled(): boolean {
    const { mark, front } = this;
    if (this.seen.length < mark.seen + this.patience) return false;
    this.mark = { front, seen: this.seen.length };
    const corner = cornerOf(front);
    const volume = volumeOf(front, corner);
    return volume - volumeOf(mark.front, corner) <= this.progress * volume;
  }

  /** Looked for anew when half as many again have been seen; a function of what was seen, so not saved. */
  private likeliestPrior(): ErrorPrior {
    let of = this.profileSize;
    while (1.5 * of <= this.seen.length) of = Math.ceil(1.5 * of);
    if (this.prior?.of !== of) this.prior = { of, prior: likeliestPrior(this.space, this.seen.slice(0, of)) };
    return this.prior.prior;
  }

  /** Opens what block effects keep at the ratio, and leaves open what was; more, where that makes no network. */
  private admit(effects: PerChoice): void {
    const before = this.admitted?.kept;
    for (;;) {
      const { kept } = pruneByBlockEffect(this.space, effects, this.settings.blockLatencyMs, this.ratio);
      const admitted = this.whole.kept.map((choices, at) => {
        const open = choices.filter((choice) => isIn(kept[at], choice) || isIn(before?.[at], choice));
        return open.length > 0 ? open : choices;
      });
      this.mark = { front: this.front, seen: this.seen.length };
      if (keptSize(this.space, admitted) > 0n) {
        this.admitted = new Genomes(this.space, admitted);
        return;
      }
      this.lowerRatio();
    }
  }

  private admitMore(effects: PerChoice): void {
    this.lowerRatio();
    this.admit(effects);
  }

  private lowerRatio(): void {
    this.ratio = Math.max(0, Math.round(1000 * (this.ratio - this.step)) / 1000);
  }

  private chosen(model: ErrorModel, effects: PerChoice): Encoding[] {
    const genomes = this.admitted ?? this.whole;
    const { blockLatencyMs } = this.settings;
    const likely = predictedFront(this.space, genomes.kept, effects, blockLatencyMs);
    const parents = this.front.map(({ encoding }) => encoding);
    const isKnown = (key: string): boolean => this.known.has(key);
    const candidates = candidatesNear(genomes, parents, likely, isKnown, this.random);
    const summed = (encoding: Encoding): number =>
      encoding.reduce((sum, choice, at) => sum + (blockLatencyMs[at]?.[choice] ?? 0), 0);
    const offset = median(this.seen.map(({ encoding, latencyMs }) => latencyMs - summed(encoding)));
    const size = Math.min(LARGEST_BATCH, Math.max(LEAST_BATCH, Math.round(this.seen.length / 8)));
    return mostPromising(model, this.front, candidates, (each) => summed(each) + offset, size);
  }

  /** Choice by choice, a new one where that is easy. */
  private drawn(): Encoding {
    let encoding = sampleByChoices(this.measure, this.random);
    for (let draw = 0; draw < 20 && this.known.has(encodingKey(encoding)); draw++)
      encoding = sampleByChoices(this.measure, this.random);
    return encoding;
  }
}

function isIn(choices: readonly number[] | undefined, choice: number): boolean {
  return choices?.includes(choice) === true;
}

function invalid(message: string): SearchError {
  return new SearchError('SEARCH_INVALID_SETTINGS', message);
}
