import { isolated } from './isolated.js';
import { kernels } from './kernels.js';
import type { ProfilingMethod } from './method.js';

/** Every way to measure a profile, one file each. */
export const profilingMethods = {
  ISOLATED: isolated,
  KERNELS: kernels,
} as const satisfies Readonly<Record<string, ProfilingMethod>>;

export type ProfileMethod = keyof typeof profilingMethods;

export function profilingMethod(method: ProfileMethod): ProfilingMethod {
  return profilingMethods[method];
}
