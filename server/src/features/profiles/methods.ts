import { profilingMethods, type ProfilingMethod } from '@espalier/nas/profile';
import type { ProfileMethod } from '../../graphql/generated/resolvers.js';
import { badInput } from '../../platform/errors.js';

const registered = new Map<string, ProfilingMethod>(Object.entries(profilingMethods));

/** Methods that campaigns are started with, in the order of the registry. */
export const startableMethods = [...registered.keys()] as readonly ProfileMethod[];

/** How a method plans and estimates; BAD_INPUT for one that no campaign has, such as IMPORTED. */
export function startable(method: ProfileMethod): ProfilingMethod {
  const found = registered.get(method);
  if (!found)
    throw badInput(
      'input.method',
      `No campaign measures ${method}; expected ${startableMethods.join(', ')}.`,
    );
  return found;
}
