import type { Network } from '../../graph/index.js';
import { detectKernels } from './detect.js';
import type { FusionRules } from './fusion.js';
import { isJoin } from './kernel-network.js';
import { familyOf, kernelKey, type Kernel, type KernelFamily } from './kernel.js';
import {
  fitKind,
  fitRegressor,
  isOutside,
  predictWith,
  type ChosenKind,
  type Regressor,
  type TimedKernel,
} from './regressor.js';
import { byFamily } from './sampling.js';

/** Predicts kernels and networks on one target; stored as `StoredPredictor`. */
export interface KernelPredictor {
  readonly rules: FusionRules;
  /** Measured kernels and their times, milliseconds: no estimate is better than these. */
  readonly measured: readonly TimedKernel[];
  /** One for each family measured. */
  readonly regressors: readonly Regressor[];
}

/** The kind of each family's regressor is chosen by cross-validation, or taken from `chosen` where it is known. */
export function fitPredictor(
  rules: FusionRules,
  timed: readonly TimedKernel[],
  chosen: Partial<Readonly<Record<KernelFamily, ChosenKind>>> = {},
): KernelPredictor {
  const measured = timed.filter(({ kernel }) => isOneKernel(kernel, rules));
  const families = byFamily(measured.map(({ kernel }) => kernel));
  const regressors = [...families.keys()].map((family) => {
    const rows = measured.filter(({ kernel }) => familyOf(kernel) === family);
    const known = chosen[family];
    return known === undefined ? fitRegressor(family, rows) : fitKind(family, known.kind, rows, known.errors);
  });
  return { rules, measured, regressors };
}

/** Not so the pairs that turned out not to be fused, the block that tests several consumers, and what joins copies. */
export function isOneKernel(kernel: Kernel, { pairs }: FusionRules): boolean {
  const [root, ...others] = kernel.operators;
  const fused = others.every((operator) => pairs.some((pair) => pair[0] === root && pair[1] === operator));
  return fused && root !== 'fan-out' && !isJoin(kernel);
}

export type PredictionSource = 'measured' | 'predicted' | 'extrapolated' | 'unknown';

export interface KernelPrediction {
  readonly ms: number;
  /** `unknown`: no kernel of the family was measured, and 0 is the answer. */
  readonly source: PredictionSource;
}

export interface NetworkPrediction {
  readonly ms: number;
  /** Share of the multiply-accumulates that lies in kernels that are measured or predicted; 1 for a network without any. */
  readonly coverage: number;
  readonly kernels: number;
  /** How many of them there are of each source. */
  readonly sources: Readonly<Record<PredictionSource, number>>;
  /** What a reader should know; empty when all is well. */
  readonly warnings: readonly string[];
}

/** A predictor with what looking up needs, made once for many predictions. */
export class Prediction {
  private readonly measured: ReadonlyMap<string, number>;
  private readonly regressors: ReadonlyMap<string, Regressor>;
  private readonly known = new Map<string, KernelPrediction>();

  constructor(private readonly predictor: KernelPredictor) {
    this.measured = new Map(predictor.measured.map(({ kernel, ms }) => [kernelKey(kernel), ms]));
    this.regressors = new Map(predictor.regressors.map((regressor) => [regressor.family, regressor]));
  }

  kernel(kernel: Kernel): KernelPrediction {
    const key = kernelKey(kernel);
    const known = this.known.get(key) ?? this.predict(kernel, key);
    this.known.set(key, known);
    return known;
  }

  /** The sum of a network's kernels; a call costs more, which this cannot know. */
  network(network: Network): NetworkPrediction {
    const detected = detectKernels(network, this.predictor.rules);
    const sources: Record<PredictionSource, number> = {
      measured: 0,
      predicted: 0,
      extrapolated: 0,
      unknown: 0,
    };
    const missing = new Set<string>();
    let [ms, macs, covered] = [0, 0, 0];
    for (const { kernel, macs: own } of detected) {
      const prediction = kernel === null ? UNKNOWN : this.kernel(kernel);
      ms += prediction.ms;
      macs += own;
      sources[prediction.source]++;
      if (prediction.source === 'unknown') missing.add(kernel === null ? 'uploaded' : familyOf(kernel));
      else covered += own;
    }
    const warnings = [
      ...(missing.size === 0 ? [] : [`counted as 0, as none was measured: ${[...missing].join(', ')}`]),
      ...(sources.extrapolated === 0
        ? []
        : [`${String(sources.extrapolated)} kernels lie outside the measured range`]),
    ];
    return { ms, coverage: macs === 0 ? 1 : covered / macs, kernels: detected.length, sources, warnings };
  }

  private predict(kernel: Kernel, key: string): KernelPrediction {
    const ms = this.measured.get(key);
    if (ms !== undefined) return { ms, source: 'measured' };
    const regressor = this.regressors.get(familyOf(kernel));
    if (regressor === undefined) return UNKNOWN;
    return {
      ms: predictWith(regressor, kernel),
      source: isOutside(regressor, kernel) ? 'extrapolated' : 'predicted',
    };
  }
}

const UNKNOWN: KernelPrediction = { ms: 0, source: 'unknown' };

/** `Prediction` for a single network. */
export function predictNetwork(predictor: KernelPredictor, network: Network): NetworkPrediction {
  return new Prediction(predictor).network(network);
}
