import { ProfileError } from '../error.js';
import { familyOf, kernelCosts, OPERATORS, type Kernel, type Operator } from './kernel.js';

/** Upper bounds: a lease must not be able to make a device build what it cannot hold. */
const LIMITS = {
  operators: 8,
  size: 1024,
  channels: 8192,
  kernel: 31,
  stride: 16,
  /** Numbers in a tensor. */
  elements: 2 ** 25,
  macs: 2 ** 34,
  copies: 32,
} as const;

const WINDOWED: ReadonlySet<Operator> = new Set(['conv', 'depthwise-conv', 'max-pool', 'average-pool']);
/** Those that keep every shape, so that they can be built behind any root. */
const CAN_FOLLOW: ReadonlySet<Operator> = new Set(
  OPERATORS.filter((operator) => operator !== 'fully-connected' && !/pool|shuffle|fan/.test(operator)),
);
const FIELDS = [
  'operators',
  'size',
  'channelsIn',
  'channelsOut',
  'kernel',
  'stride',
  'groups',
  'squeeze',
] as const;

/** Checks an untrusted value. Throws ProfileError PROFILE_BAD_SUBJECT that says what is wrong. */
export function parseKernel(value: unknown): Kernel {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('kernel: expected an object');
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const name of fields.keys())
    if (!FIELDS.some((field) => field === name))
      throw bad(`kernel: unknown field ${JSON.stringify(name.slice(0, 40))}`);
  const integer = (name: string, low: number, high: number): number => {
    const given = fields.get(name);
    if (typeof given === 'number' && Number.isInteger(given) && given >= low && given <= high) return given;
    throw bad(`kernel.${name}: expected an integer from ${String(low)} to ${String(high)}`);
  };
  const kernel: Kernel = {
    operators: operatorsOf(fields.get('operators')),
    size: integer('size', 1, LIMITS.size),
    channelsIn: integer('channelsIn', 1, LIMITS.channels),
    channelsOut: integer('channelsOut', 1, LIMITS.channels),
    kernel: integer('kernel', 1, LIMITS.kernel),
    stride: integer('stride', 1, LIMITS.stride),
    groups: integer('groups', 1, LIMITS.channels),
    squeeze: integer('squeeze', 0, LIMITS.channels),
  };
  checkConsistent(kernel);
  const { macs, reads, writes, weights } = kernelCosts(kernel);
  if (Math.max(reads, writes, weights) > LIMITS.elements || macs > LIMITS.macs)
    throw bad('kernel: larger than any that would be measured');
  return kernel;
}

/** Checks copies that belong to a parsed kernel: together they must fit a device as well. */
export function parseCopies(kernel: Kernel, copies: unknown): number {
  if (typeof copies !== 'number' || !Number.isInteger(copies) || copies < 1 || copies > LIMITS.copies)
    throw bad(`copies: expected an integer from 1 to ${String(LIMITS.copies)}`);
  const { macs, weights } = kernelCosts(kernel);
  if (copies * weights > LIMITS.elements || copies * macs > LIMITS.macs)
    throw bad('copies: more of this kernel than would be measured');
  return copies;
}

function operatorsOf(value: unknown): readonly Operator[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > LIMITS.operators)
    throw bad(`kernel.operators: expected 1 to ${String(LIMITS.operators)} names`);
  return value.map((name: unknown) => {
    const found = OPERATORS.find((operator) => operator === name);
    if (found === undefined) throw bad(`kernel.operators: expected names of ${OPERATORS.join(', ')}`);
    return found;
  });
}

function checkConsistent(kernel: Kernel): void {
  const root = familyOf(kernel);
  const { channelsIn, channelsOut, groups, size } = kernel;
  if (root !== 'conv' && root !== 'fully-connected' && channelsIn !== channelsOut)
    throw bad(`kernel.channelsOut: a ${root} keeps its ${String(channelsIn)} channels`);
  if (!WINDOWED.has(root) && (kernel.kernel !== 1 || kernel.stride !== 1))
    throw bad(`kernel: a ${root} has no window and no stride`);
  if (root === 'depthwise-conv' && groups !== channelsIn)
    throw bad('kernel.groups: a depthwise convolution has as many as channels');
  if (root !== 'conv' && root !== 'depthwise-conv' && root !== 'channel-shuffle' && groups !== 1)
    throw bad(`kernel.groups: a ${root} has 1`);
  if (channelsIn % groups !== 0 || channelsOut % groups !== 0)
    throw bad('kernel.groups: the channels cannot be parted into that many');
  if ((root === 'squeeze-excite') !== kernel.squeeze > 0)
    throw bad('kernel.squeeze: expected channels for a squeeze-excite and 0 for anything else');
  for (const operator of kernel.operators.slice(1))
    if (!CAN_FOLLOW.has(operator)) throw bad(`kernel.operators: ${operator} can only come first`);
  if (root === 'fully-connected' && size !== 1) throw bad('kernel.size: a fully connected layer takes 1 × 1');
}

function bad(message: string): ProfileError {
  return new ProfileError('PROFILE_BAD_SUBJECT', message);
}
