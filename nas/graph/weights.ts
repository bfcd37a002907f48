import { createRandom } from '../stats/index.js';
import { GraphError } from './error.js';
import { elementCount, type Parameter } from './network.js';

/** The numbers of a tensor, row-major, exactly as many as its shape asks for. */
export type WeightSource = (parameter: Parameter) => Float32Array;

/** A stored tensor. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Random tensors for measuring: each depends on the seed and the tensor's name alone, so a graph may grow without changing
 * the rest. Weights are normal with variance 2 / fan-in (He et al. 2015), norms near identity: activations stay in a normal
 * range, without denormals or infinities, which cost time of their own.
 */
export function seededWeights(seed: number): WeightSource {
  return ({ name, role, shape }) => {
    const random = createRandom((seed >>> 0) * 0x20_0000 + (hash(name) >>> 11));
    const values = new Float32Array(elementCount(shape));
    const fanIn = elementCount(shape.slice(1));
    const draw = ((): (() => number) => {
      switch (role) {
        case 'weight':
          return () => random.normal() * Math.sqrt(2 / fanIn);
        case 'bias':
        case 'shift':
        case 'mean':
          return () => 0.1 * random.normal();
        case 'scale':
        case 'variance':
          return () => 0.75 + 0.5 * random.float();
      }
    })();
    for (let i = 0; i < values.length; i++) values[i] = draw();
    return values;
  };
}

/**
 * Stored tensors by name. One that is larger than asked for gives its leading part along every axis, as elastic supernets
 * share weights (Cai et al. 2020). Throws GraphError GRAPH_BAD_TENSOR when a name is missing or a tensor too small.
 */
export function namedWeights(tensors: ReadonlyMap<string, NamedTensor>): WeightSource {
  return ({ name, shape }) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new GraphError('GRAPH_BAD_TENSOR', `no tensor "${name}"`);
    return leading(tensor, shape, name);
  };
}

function leading(tensor: NamedTensor, shape: readonly number[], name: string): Float32Array {
  const fits =
    tensor.shape.length === shape.length && shape.every((size, axis) => size <= (tensor.shape[axis] ?? 0));
  if (!fits)
    throw new GraphError(
      'GRAPH_BAD_TENSOR',
      `tensor "${name}" is ${tensor.shape.join('×')}, expected at least ${shape.join('×')}`,
    );
  const result = new Float32Array(elementCount(shape));
  const copy = (axis: number, from: number, to: number): void => {
    const size = shape[axis] ?? 1;
    if (axis >= shape.length - 1) {
      result.set(tensor.values.subarray(from, from + size), to);
      return;
    }
    const sourceStep = elementCount(tensor.shape.slice(axis + 1));
    const targetStep = elementCount(shape.slice(axis + 1));
    for (let i = 0; i < size; i++) copy(axis + 1, from + i * sourceStep, to + i * targetStep);
  };
  copy(0, 0, 0);
  return result;
}

/** FNV-1a, 32 bits (Fowler, Noll and Vo 1991). */
function hash(text: string): number {
  let value = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x0100_0193);
  return value >>> 0;
}
