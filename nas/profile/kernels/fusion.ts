import { kernelKey, kernelOf, type Kernel, type Operator } from './kernel.js';

/** Which operators the device executes as one. */
export interface FusionRules {
  /** Pairs (root, follower) that are fused. */
  readonly pairs: readonly (readonly [Operator, Operator])[];
  /**
   * What happens where a value has several consumers: `none` of them is fused, the `first` that can be, or `all` that can be.
   */
  readonly fanOut: 'none' | 'first' | 'all';
}

export interface Timing {
  readonly meanMs: number;
  readonly deviationMs: number;
}

export interface FusionTest {
  readonly fused: boolean;
  /** T(first) + T(second) − T(block), with the deviations added in quadrature. */
  readonly savedMs: Timing;
  /** What the saving must be above. */
  readonly thresholdMs: number;
}

/** Zhang et al. 2021: a pair is fused when the block saves more than this share of the cheaper operator. */
export const FUSION_SHARE = 0.5;

export function testFusion(first: Timing, second: Timing, block: Timing, share = FUSION_SHARE): FusionTest {
  const meanMs = first.meanMs + second.meanMs - block.meanMs;
  const thresholdMs = share * Math.min(first.meanMs, second.meanMs);
  const deviationMs = Math.hypot(first.deviationMs, second.deviationMs, block.deviationMs);
  return { fused: meanMs > thresholdMs, savedMs: { meanMs, deviationMs }, thresholdMs };
}

/**
 * The test for values with two consumers (nn-Meter's MON): of the three ways to execute the block `fan-out`, the one whose sum of
 * parts is nearest to its time; `none` when two are equally near.
 */
export function testFanOut(
  blockMs: number,
  sumsMs: Readonly<Record<FusionRules['fanOut'], number>>,
): FusionRules['fanOut'] {
  const order = ['none', 'first', 'all'] as const;
  return order.reduce((best, each) =>
    Math.abs(sumsMs[each] - blockMs) < Math.abs(sumsMs[best] - blockMs) ? each : best,
  );
}

/**
 * Parts of the three ways to execute the block `fan-out`. What joins its branches stands behind the second, as it may be fused there.
 */
const FAN_OUT_SUMS = {
  none: [['relu', 'relu'], ['relu6', 'depthwise-conv', 'add'], ['depthwise-conv']],
  first: [
    ['depthwise-conv', 'relu', 'relu'],
    ['relu6', 'depthwise-conv', 'add'],
  ],
  all: [
    ['depthwise-conv', 'relu6'],
    ['depthwise-conv', 'add'],
    ['relu', 'relu'],
  ],
} as const satisfies Readonly<Record<FusionRules['fanOut'], readonly (readonly Operator[])[]>>;

/**
 * The rules of a device from the times of kernels at the default shape, by `kernelKey`. A pair whose times are not all there is
 * taken as not fused, and so are values with several consumers.
 */
export function fusionRules(
  pairs: readonly (readonly [Operator, Operator])[],
  times: ReadonlyMap<string, Timing>,
): FusionRules {
  const timeOf = (operators: readonly Operator[], behind?: Operator): Timing | undefined =>
    times.get(kernelKey(sequence(operators, behind)));
  const fused = pairs.filter(([first, second]) => {
    const [one, two, block] = [timeOf([first]), timeOf([second], first), timeOf([first, second])];
    return one !== undefined && two !== undefined && block !== undefined && testFusion(one, two, block).fused;
  });
  const sum = (parts: readonly (readonly Operator[])[]): number =>
    parts.reduce((total, operators) => total + (timeOf(operators)?.meanMs ?? NaN), 0);
  const block = timeOf(['fan-out'])?.meanMs ?? NaN;
  const { none, first, all } = FAN_OUT_SUMS;
  // Where its activation is never fused, the second branch cannot tell.
  const second = fused.some((pair) => pair.join() === 'depthwise-conv,relu6');
  const sums = { none: sum(none), first: sum(first), all: second ? sum(all) : NaN };
  return { pairs: fused, fanOut: testFanOut(block, sums) };
}

/**
 * Pairs that the networks of this product have; others are never next to each other. Never a pair and its reverse: in a chain of
 * pairs the second operator is followed by the first as well, and whichever of the two is fused, the chain saves the same.
 */
export const DEFAULT_PAIRS: readonly (readonly [Operator, Operator])[] = [
  ...pairsOf('conv', ['relu', 'relu6', 'sigmoid', 'hard-sigmoid', 'hard-swish', 'add', 'squeeze-excite']),
  ...pairsOf('depthwise-conv', ['relu', 'relu6', 'hard-swish', 'add', 'squeeze-excite', 'conv']),
  ...pairsOf('fully-connected', ['relu']),
  ...pairsOf('max-pool', ['relu', 'add']),
  ...pairsOf('average-pool', ['relu', 'add']),
  ...pairsOf('batch-norm', ['relu', 'relu6', 'conv']),
  ...pairsOf('squeeze-excite', ['relu', 'hard-swish', 'add']),
  ...pairsOf('add', ['add', 'relu', 'relu6', 'batch-norm']),
];

function pairsOf(first: Operator, seconds: readonly Operator[]): (readonly [Operator, Operator])[] {
  return seconds.map((second) => [first, second]);
}

/**
 * The kernels to time for some pairs: each operator alone and each pair, at nn-Meter's default shape, but with as many channels out
 * as in, so that all can be chained: timed alone, operators of some microseconds would differ by what a call costs, which looks
 * like fusion. Then what the test for several consumers needs, if `relu` behind a depthwise convolution is among the pairs.
 */
export function fusionKernels(pairs: readonly (readonly [Operator, Operator])[]): readonly Kernel[] {
  const alone = pairs.flatMap(([first, second]) => [sequence([first]), sequence([second], first)]);
  const blocks = pairs.map((pair) => sequence(pair));
  const fanOut = pairs.some(([first, second]) => first === 'depthwise-conv' && second === 'relu')
    ? [['fan-out'] as const, ...Object.values(FAN_OUT_SUMS).flat()].map((operators) => sequence(operators))
    : [];
  const all = [...alone, ...blocks, ...fanOut];
  return [...new Map(all.map((kernel) => [kernelKey(kernel), kernel])).values()];
}

const SIZE = 28;
const CHANNELS = 64;

const WINDOWED: ReadonlySet<Operator | undefined> = new Set(['depthwise-conv', 'max-pool', 'average-pool']);

/**
 * The operators one after another at the default shape. The window of a convolution is 1, not 3 as in nn-Meter: what fusing saves
 * must stand out of the noise of the larger operator, and beside 0.5 ms the 4 µs of a ReLU do not. `behind`
 * is the operator whose output the first takes.
 */
export function sequence(operators: readonly Operator[], behind?: Operator): Kernel {
  const [root] = operators;
  return kernelOf({
    operators,
    size: (behind ?? root) === 'fully-connected' ? 1 : SIZE,
    channelsIn: CHANNELS,
    kernel: WINDOWED.has(root) ? 3 : 1,
    squeeze: root === 'squeeze-excite' ? CHANNELS / 4 : 0,
  });
}
