import {
  chainOf,
  networkOf,
  networkWithout,
  referenceNetwork,
  sitesOf,
  type Network,
} from '../graph/index.js';
import { positionsOf, parseEncoding, SpaceError, type Encoding, type SearchSpace } from '../space/index.js';
import { ProfileError } from './error.js';
import { kernelKey, type Kernel } from './kernels/kernel.js';
import { kernelNetwork } from './kernels/kernel-network.js';
import { parseCopies, parseKernel } from './kernels/parse-kernel.js';

/**
 * What one measurement measures: `copies` of a block at a place of its layer (`sitesOf`; a layer has one, the edge of a cell
 * may have more), a whole network, a network with nothing at a layer or edge, or the reference network.
 */
export type Subject =
  | {
      readonly kind: 'BLOCK';
      readonly layer: number;
      readonly choice: number;
      readonly copies: number;
      readonly site: number;
    }
  | { readonly kind: 'NETWORK'; readonly encoding: Encoding }
  | { readonly kind: 'WITHOUT'; readonly encoding: Encoding; readonly layer: number }
  /** Copies of a kernel by itself (kernels/kernel-network.ts). */
  | { readonly kind: 'KERNEL'; readonly kernel: Kernel; readonly copies: number }
  | { readonly kind: 'REFERENCE' };

const MAX_COPIES = 64;

/** The graph to measure. Throws ProfileError PROFILE_BAD_SUBJECT for a layer that the space does not have. */
export function subjectNetwork(space: SearchSpace, subject: Subject): Network {
  switch (subject.kind) {
    case 'BLOCK': {
      if (positionsOf(space)[subject.layer] === undefined)
        throw bad(`${space.name} has no layer ${String(subject.layer)}`);
      return chainOf(space, subject.layer, subject.choice, subject.copies, subject.site);
    }
    case 'NETWORK':
      return networkOf(space, subject.encoding);
    case 'WITHOUT':
      return networkWithout(space, subject.encoding, subject.layer);
    case 'KERNEL':
      return kernelNetwork(subject.kernel, subject.copies);
    case 'REFERENCE':
      return referenceNetwork();
  }
}

/** A short text that is the same for the same subject of a space, such as `block 0.12 x4` or `network 12.0.44`. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'BLOCK': {
      const site = subject.site === 0 ? '' : ` at ${String(subject.site)}`;
      return `block ${String(subject.layer)}.${String(subject.choice)}${site} x${String(subject.copies)}`;
    }
    case 'NETWORK':
      return `network ${subject.encoding.join('.')}`;
    case 'WITHOUT':
      return `network ${subject.encoding.join('.')} without ${String(subject.layer)}`;
    case 'KERNEL':
      return `kernel ${kernelKey(subject.kernel)} x${String(subject.copies)}`;
    case 'REFERENCE':
      return 'reference';
  }
}

/** Checks an untrusted value, such as a lease's subject. Throws ProfileError PROFILE_BAD_SUBJECT that says what is wrong. */
export function parseSubject(space: SearchSpace, value: unknown): Subject {
  if (typeof value !== 'object' || value === null) throw bad('expected an object');
  const fields = new Map<string, unknown>(Object.entries(value));
  const kind = fields.get('kind');
  switch (kind) {
    case 'REFERENCE':
      return { kind };
    case 'NETWORK':
      return { kind, encoding: encodingIn(space, fields) };
    case 'WITHOUT': {
      const layer = integer(fields, 'layer', 0, positionsOf(space).length - 1);
      const position = positionsOf(space)[layer];
      if (position?.kind !== 'layer' && position?.kind !== 'edge')
        throw bad(`layer: nothing is built at ${position?.name ?? ''}`);
      return { kind, encoding: encodingIn(space, fields), layer };
    }
    case 'BLOCK': {
      const layers = positionsOf(space);
      const layer = integer(fields, 'layer', 0, layers.length - 1);
      const choice = integer(fields, 'choice', 0, (layers[layer]?.choices.length ?? 0) - 1);
      const sites = sitesOf(space, layer).length;
      const site = fields.has('site') ? integer(fields, 'site', 0, sites - 1) : 0;
      return { kind, layer, choice, copies: integer(fields, 'copies', 1, MAX_COPIES), site };
    }
    case 'KERNEL': {
      const kernel = parseKernel(fields.get('kernel'));
      return { kind, kernel, copies: parseCopies(kernel, fields.get('copies')) };
    }
    default:
      throw bad('kind: expected BLOCK, NETWORK, WITHOUT, KERNEL or REFERENCE');
  }
}

function encodingIn(space: SearchSpace, fields: ReadonlyMap<string, unknown>): Encoding {
  try {
    return parseEncoding(space, fields.get('encoding'));
  } catch (error) {
    if (error instanceof SpaceError) throw bad(`encoding: ${error.message}`);
    throw error;
  }
}

function integer(fields: ReadonlyMap<string, unknown>, name: string, low: number, high: number): number {
  const value = fields.get(name);
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw bad(`${name}: expected an integer from ${String(low)} to ${String(high)}`);
}

function bad(message: string): ProfileError {
  return new ProfileError('PROFILE_BAD_SUBJECT', message);
}
