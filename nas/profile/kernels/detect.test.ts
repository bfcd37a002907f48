import { describe, expect, it } from 'vitest';
import { blockOf, countMacs, networkOf, type Network } from '../../graph/index.js';
import { addBlock } from '../../graph/blocks/index.js';
import { NetworkBuilder } from '../../graph/builder.js';
import {
  bbssp,
  blox,
  families,
  family,
  positionsOf,
  typicalEncoding,
  type Block,
} from '../../space/index.js';
import { detectKernels } from './detect.js';
import type { FusionRules } from './fusion.js';

/** What ONNX Runtime's CPU provider showed. */
const RULES: FusionRules = {
  pairs: [
    ['conv', 'relu'],
    ['conv', 'add'],
    ['depthwise-conv', 'relu'],
    ['fully-connected', 'relu'],
  ],
  fanOut: 'none',
};
const WITH_RELU6: FusionRules = { ...RULES, pairs: [...RULES.pairs, ['add', 'relu'], ['conv', 'relu6']] };

function kernelsOf(network: Network, rules = RULES): readonly string[] {
  return detectKernels(network, rules).map(({ kernel }) => kernel?.operators.join('-') ?? 'uploaded');
}

function blockNetwork(block: Block, channels: number, stride = 1): Network {
  const builder = new NetworkBuilder({ channels: 16, height: 8, width: 8 });
  return builder.finish(
    'block',
    addBlock(builder, builder.input, block, { name: 'b', channels, stride, classes: 10 }),
  );
}

const MBCONV = {
  kind: 'mbconv',
  kernel: 5,
  expansion: 4,
  alwaysExpand: true,
  divisible: true,
  activation: 'hard-swish',
  outputActivation: null,
  squeezeExcite: 'middle',
  groups: 1,
  repeats: 1,
  epsilon: 1e-3,
} as const;

describe('detectKernels', () => {
  it('puts the squeeze-excite of a MobileNetV3 block together and fuses its sum', () => {
    const network = blockNetwork(MBCONV, 16);
    expect(kernelsOf(network)).toEqual([
      'conv',
      'hard-swish',
      'depthwise-conv',
      'hard-swish',
      'squeeze-excite',
      'conv-add',
    ]);
    expect(detectKernels(network, RULES)[4]?.kernel).toMatchObject({ size: 8, channelsIn: 64, squeeze: 16 });
  });

  it('keeps the channel shuffle of a block with groups', () => {
    const block = { ...MBCONV, groups: 2, squeezeExcite: null, activation: 'relu' } as const;
    const found = detectKernels(blockNetwork(block, 24), RULES);
    expect(found.map(({ kernel }) => kernel?.operators.join('-'))).toEqual([
      'conv-relu',
      'channel-shuffle',
      'depthwise-conv-relu',
      'conv',
    ]);
    expect(found[0]?.kernel).toMatchObject({ channelsIn: 16, channelsOut: 64, groups: 2 });
  });

  it('finds the kernels of a ResNet bottleneck, whose sum takes in the activation behind it', () => {
    const block = { kind: 'bottleneck', ratio: 0.5, projected: true } as const;
    expect(kernelsOf(blockNetwork(block, 32, 2))).toEqual([
      'conv-relu',
      'conv-relu',
      'conv-add-relu',
      'average-pool',
      'conv',
    ]);
    const strided = detectKernels(blockNetwork(block, 32, 2), RULES)[1]?.kernel;
    expect(strided).toMatchObject({ size: 8, channelsIn: 16, channelsOut: 16, kernel: 3, stride: 2 });
  });

  it('stops where a value has several consumers, or goes on as the device does', () => {
    const block = { kind: 'residual-conv', kernel: 3 } as const;
    const builder = new NetworkBuilder({ channels: 16, height: 8, width: 8 });
    const x = builder.apply(
      'sigmoid',
      addBlock(builder, builder.input, block, { name: 'b', channels: 16, stride: 1, classes: 10 }),
    );
    const branch = builder.conv(x, { weight: 'w', channels: 16, kernel: 1 });
    const fork = builder.apply('relu', branch);
    const network = builder.finish('fork', builder.add(branch, fork));
    expect(kernelsOf(network).slice(-3)).toEqual(['conv', 'relu', 'add']);
    expect(kernelsOf(network, { ...RULES, fanOut: 'first' }).slice(-1)).toEqual(['conv-relu-add']);
  });

  it('finds the kernels of a BLOX cell with and without its skip', () => {
    const cell = { kind: 'blox-cell', first: 'conv', second: null, prev: true, inp: false, sc: false };
    const space = blox;
    const [layer] = positionsOf(space);
    const names = layer?.choices.map(({ name }) => name) ?? [];
    expect(cell.kind).toBe('blox-cell');
    for (const [choice] of names.entries()) {
      const network = blockOf(space, 0, choice);
      const found = kernelsOf(network);
      expect(found.filter((name) => name === 'batch-norm')).toEqual([]);
      expect(found.filter((name) => name === 'mul')).toEqual([]);
    }
  });

  it('finds the convolutions and sums of a NAS-Bench-201 cell', () => {
    const space = family('nasbench201-cifar10');
    const network = networkOf(space, typicalEncoding(space));
    const found = kernelsOf(network);
    expect(found).toContain('global-average-pool');
    expect(found).toContain('fully-connected');
    expect(found.at(-1)).toBe('fully-connected');
  });

  it.each([RULES, WITH_RELU6, { pairs: [], fanOut: 'none' } as const])(
    'holds all multiply-accumulates of every family, whatever is fused (%#)',
    (rules) => {
      for (const space of [...families.slice(0, 8), ...bbssp.slice(0, 1)]) {
        const network = networkOf(space, typicalEncoding(space));
        const found = detectKernels(network, rules);
        const sum = found.reduce((total, { macs }) => total + macs, 0);
        expect([space.name, sum]).toEqual([space.name, countMacs(network)]);
      }
    },
  );
});
