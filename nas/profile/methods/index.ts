import { baseNetworks } from './base-networks.js';
import { endToEnd } from './end-to-end.js';
import { isolated } from './isolated.js';
import { kernels } from './kernels.js';
import type { ProfilingMethod } from './method.js';
import { transfer } from './transfer.js';

/** Every way to measure a profile, one file each. */
export const profilingMethods = {
  ISOLATED: isolated,
  END_TO_END: endToEnd,
  BASE_NETWORKS: baseNetworks,
  KERNELS: kernels,
  TRANSFER: transfer,
} as const satisfies Readonly<Record<string, ProfilingMethod>>;

export type ProfileMethod = keyof typeof profilingMethods;

export function profilingMethod(method: ProfileMethod): ProfilingMethod {
  return profilingMethods[method];
}
