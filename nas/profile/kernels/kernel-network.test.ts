import { describe, expect, it } from 'vitest';
import { countMacs, inferShapes } from '../../graph/index.js';
import { detectKernels } from './detect.js';
import { fusionKernels, DEFAULT_PAIRS } from './fusion.js';
import { companionsOf, isJoin, joinOf, kernelNetwork } from './kernel-network.js';
import { kernelCosts, kernelKey, kernelOf, OPERATORS, type Kernel } from './kernel.js';
import { parseKernel } from './parse-kernel.js';
import { parseSubject, subjectKey, subjectNetwork } from '../subject.js';
import { fashionMobile } from '../../space/index.js';

const NOTHING_FUSED = { pairs: [], fanOut: 'none' } as const;

const KERNELS: readonly Kernel[] = [
  kernelOf({ operators: ['conv'], size: 14, channelsIn: 8, channelsOut: 24 }),
  kernelOf({ operators: ['conv'], size: 14, channelsIn: 8, channelsOut: 8, kernel: 3, groups: 4 }),
  kernelOf({ operators: ['conv', 'relu'], size: 15, channelsIn: 8, channelsOut: 16, kernel: 3, stride: 2 }),
  kernelOf({ operators: ['conv', 'add', 'relu'], size: 14, channelsIn: 8, channelsOut: 24 }),
  kernelOf({ operators: ['depthwise-conv'], size: 14, channelsIn: 8, kernel: 5 }),
  kernelOf({ operators: ['depthwise-conv', 'relu6'], size: 14, channelsIn: 8, kernel: 7, stride: 2 }),
  kernelOf({ operators: ['fully-connected'], size: 1, channelsIn: 64, channelsOut: 10 }),
  kernelOf({ operators: ['max-pool'], size: 14, channelsIn: 8, kernel: 3, stride: 2 }),
  kernelOf({ operators: ['average-pool'], size: 7, channelsIn: 8, kernel: 2, stride: 2 }),
  kernelOf({ operators: ['global-average-pool'], size: 7, channelsIn: 8 }),
  kernelOf({ operators: ['squeeze-excite'], size: 14, channelsIn: 16, squeeze: 4 }),
  kernelOf({ operators: ['channel-shuffle'], size: 14, channelsIn: 16, groups: 2 }),
  kernelOf({ operators: ['batch-norm', 'relu'], size: 14, channelsIn: 16 }),
  kernelOf({ operators: ['mul'], size: 14, channelsIn: 16 }),
  kernelOf({ operators: ['add'], size: 14, channelsIn: 16 }),
];

describe('kernelNetwork', () => {
  it.each(KERNELS.map((kernel) => [kernelKey(kernel), kernel] as const))(
    'adds exactly one kernel and its companions a copy: %s',
    (_, kernel) => {
      const countOf = (copies: number, operators: string, shape: number): number =>
        detectKernels(kernelNetwork(kernel, copies), NOTHING_FUSED).filter(
          (found) => found.kernel?.operators.join('+') === operators && found.kernel.size === shape,
        ).length;
      const expected = [kernel, ...companionsOf(kernel)].flatMap(({ operators, size }) =>
        operators.map((operator) => [operator, size] as const),
      );
      const [root, size] = expected[0] ?? ['', 0];
      const perCopy = expected.filter(([operator, at]) => operator === root && at === size).length;
      expect(countOf(5, root, size) - countOf(2, root, size)).toBe(3 * perCopy);
    },
  );

  it.each(KERNELS.map((kernel) => [kernelKey(kernel), kernel] as const))(
    'adds the multiply-accumulates of the kernel and its companions a copy: %s',
    (_, kernel) => {
      const perCopy = [kernel, ...companionsOf(kernel)].reduce(
        (sum, each) => sum + kernelCosts(each).macs,
        0,
      );
      const [one, three] = [1, 3].map((copies) => countMacs(kernelNetwork(kernel, copies)));
      expect((three ?? 0) - (one ?? 0)).toBe(2 * perCopy);
    },
  );

  it('builds everything that fusion is tested with', () => {
    for (const kernel of fusionKernels(DEFAULT_PAIRS)) {
      expect(companionsOf(kernel)).toEqual([]);
      expect(() => inferShapes(kernelNetwork(kernel, 3))).not.toThrow();
    }
  });

  it.each([0, -1, 1.5])('refuses %d copies', (copies) => {
    expect(() => kernelNetwork(joinOf(4, 8), copies)).toThrow(RangeError);
  });

  it('knows its joins', () => {
    expect(isJoin(joinOf(7, 96))).toBe(true);
    expect(KERNELS.some(isJoin)).toBe(false);
  });
});

describe('parseKernel', () => {
  it.each(
    [...KERNELS, ...fusionKernels(DEFAULT_PAIRS)].map((kernel) => [kernelKey(kernel), kernel] as const),
  )('reads back %s', (_, kernel) => {
    const subject = { kind: 'KERNEL', kernel, copies: 4 } as const;
    expect(parseSubject(fashionMobile, JSON.parse(JSON.stringify(subject)))).toEqual(subject);
  });

  const conv = kernelOf({ operators: ['conv'], size: 14, channelsIn: 8 });
  it.each<[unknown, string]>([
    [null, 'kernel: expected an object'],
    [[], 'kernel: expected an object'],
    [{ ...conv, operators: [] }, 'kernel.operators: expected 1 to 8 names'],
    [{ ...conv, operators: Array(9).fill('relu') }, 'kernel.operators: expected 1 to 8 names'],
    [{ ...conv, operators: ['softmax'] }, 'kernel.operators: expected names of conv'],
    [{ ...conv, operators: ['conv', 'global-average-pool'] }, 'global-average-pool can only come first'],
    [{ ...conv, size: 0 }, 'kernel.size: expected an integer from 1'],
    [{ ...conv, size: 1e9 }, 'kernel.size: expected an integer from 1'],
    [{ ...conv, channelsIn: '8' }, 'kernel.channelsIn: expected an integer'],
    [{ ...conv, groups: 3 }, 'kernel.groups: the channels cannot be parted'],
    [{ ...conv, squeeze: 2 }, 'kernel.squeeze'],
    [{ ...conv, extra: 1 }, 'kernel: unknown field "extra"'],
    [{ ...conv, size: 1024, channelsIn: 4096 }, 'kernel: larger than any'],
    [{ ...conv, size: 512, channelsIn: 64, channelsOut: 64, kernel: 31 }, 'kernel: larger than any'],
    [{ ...conv, operators: ['relu'], channelsOut: 16 }, 'a relu keeps its 8 channels'],
    [{ ...conv, operators: ['relu'], stride: 2 }, 'a relu has no window and no stride'],
    [{ ...conv, operators: ['depthwise-conv'] }, 'as many as channels'],
    [{ ...conv, operators: ['fully-connected'] }, 'takes 1 × 1'],
    [{ ...conv, operators: ['squeeze-excite'] }, 'kernel.squeeze'],
  ])('refuses %j', (value, message) => {
    expect(() => parseKernel(value)).toThrow(
      expect.objectContaining({ code: 'PROFILE_BAD_SUBJECT' }) as Error,
    );
    expect(() => parseKernel(value)).toThrow(message);
  });

  it('bounds the copies', () => {
    const subject = { kind: 'KERNEL', kernel: conv, copies: 33 };
    expect(() => parseSubject(fashionMobile, subject)).toThrow('copies: expected an integer from 1 to 32');
    const large = kernelOf({ operators: ['conv'], size: 1, channelsIn: 4096, channelsOut: 4096 });
    expect(() => parseSubject(fashionMobile, { kind: 'KERNEL', kernel: large, copies: 3 })).toThrow(
      'copies: more of this kernel than would be measured',
    );
  });

  it('covers every operator', () => {
    const used = new Set([...KERNELS, ...fusionKernels(DEFAULT_PAIRS)].flatMap(({ operators }) => operators));
    expect(OPERATORS.filter((operator) => !used.has(operator))).toEqual(['zero']);
  });
});

describe('a kernel as a subject', () => {
  it('has a key of its own for every field and number of copies', () => {
    const base = kernelOf({ operators: ['conv'], size: 14, channelsIn: 8 });
    const variants = [
      base,
      { ...base, size: 7 },
      { ...base, channelsOut: 16 },
      { ...base, stride: 2 },
    ].flatMap((kernel) => [1, 2].map((copies) => subjectKey({ kind: 'KERNEL', kernel, copies })));
    expect(new Set(variants).size).toBe(8);
  });

  it('is the network of its copies', () => {
    const kernel = KERNELS[0] as Kernel;
    expect(subjectNetwork(fashionMobile, { kind: 'KERNEL', kernel, copies: 2 })).toEqual(
      kernelNetwork(kernel, 2),
    );
  });
});
