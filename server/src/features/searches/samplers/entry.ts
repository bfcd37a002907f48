import {
  askedFirst,
  restoreAskedFirst,
  type Evaluated,
  type Limit,
  type Sampler,
} from '@espalier/nas/search';
import { isKept, type Encoding, type KeptChoices, type SearchSpace } from '@espalier/nas/space';
import type { SpaceVersionRow } from '../../spaces/entities.js';
import type { Setting, SettingValues } from './setting.js';

/** All that a sampler's asks follow from; the same when a run is taken up again. */
export interface Beginning {
  readonly space: SearchSpace;
  readonly kept: KeptChoices;
  readonly seed: number;
  readonly settings: SettingValues;
  readonly limits: readonly Limit[];
  /** What pruning evaluated, then what the run that this one begins with did, in these orders; also outside what is kept. */
  readonly known: readonly Evaluated[];
  /** Networks of the kept space to evaluate before any that the sampler proposes. */
  readonly first: readonly Encoding[];
  /** As the profile predicts it, milliseconds. */
  readonly latencyOf: (encoding: Encoding) => number;
  /** Milliseconds, `[position][choice]`. */
  readonly blockLatencyMs: readonly (readonly number[])[];
  /** Share of the choices that pruning removed. */
  readonly ratio: number;
}

/** What is known of a search before it is stored. */
export interface Planned {
  readonly version: SpaceVersionRow;
  readonly budget: number;
  /** Evaluations that pruning spent. */
  readonly prior: number;
  /** Evaluations of the run that it begins with. */
  readonly warm: number;
}

/** One kind of sampler as the product offers it. */
export interface SamplerEntry {
  readonly name: string;
  /** What it does, in a sentence for readers. */
  readonly summary: string;
  readonly settings: readonly Setting[];
  /** Whether limits steer what it proposes; otherwise they only say what counts as frontier. */
  readonly isSteeredByLimits: boolean;
  /** Whether it learns from what was evaluated before: then it takes a warm start. */
  readonly learns: boolean;
  /** Whether it can be given networks to evaluate first; a sampler that predicts fronts itself is not. */
  readonly takesFirst: boolean;
  /** Settings that the pruning of the version suggests, for those that are not given. */
  readonly suggestedBy?: (version: Pick<SpaceVersionRow, 'pruning'>) => SettingValues;
  /** Throws what makes the search impossible; the budget that takes effect otherwise. */
  readonly budgetOf?: (planned: Planned) => number;
  readonly begin: (beginning: Beginning) => Sampler;
  readonly restore: (beginning: Beginning, checkpoint: Uint8Array) => Sampler;
}

type Create<S> = (space: SearchSpace, settings: S) => Sampler;
type Restore<S> = (space: SearchSpace, settings: S, checkpoint: Uint8Array) => Sampler;
type Built = Pick<SamplerEntry, 'begin' | 'restore' | 'takesFirst'>;

/** For a sampler whose settings hold all that it begins with. */
export function by<S>(
  settingsOf: (beginning: Beginning) => S,
  create: Create<S>,
  restore: Restore<S>,
  takesFirst = false,
): Built {
  return {
    takesFirst,
    begin: (beginning) => create(beginning.space, settingsOf(beginning)),
    restore: (beginning, checkpoint) => restore(beginning.space, settingsOf(beginning), checkpoint),
  };
}

/** For a sampler that is told of what is known as of any evaluation, and to which first networks are put before its own. */
export function byTelling<S>(
  settingsOf: (beginning: Beginning) => S,
  create: Create<S>,
  restore: Restore<S>,
): Built {
  return {
    takesFirst: true,
    begin: (beginning) => {
      const sampler = create(beginning.space, settingsOf(beginning));
      for (const evaluated of knownWithin(beginning)) sampler.tell(evaluated);
      return askedFirst(beginning.first, sampler);
    },
    restore: (beginning, checkpoint) =>
      restoreAskedFirst(beginning.first, checkpoint, (inner) =>
        restore(beginning.space, settingsOf(beginning), inner),
      ),
  };
}

/** What is known of the networks that the sampler may propose. */
export const knownWithin = ({ known, kept }: Beginning): Evaluated[] =>
  known.filter(({ encoding }) => isKept(kept, encoding));
