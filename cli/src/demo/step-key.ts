import { createHash } from 'node:crypto';

/**
 * The idempotency key of a step: always the same for the same step, so that a demo that was interrupted goes on where it
 * was by doing everything again.
 */
export function stepKey(...step: readonly (string | number)[]): string {
  const hex = createHash('sha256')
    .update(`espalier demo 1 ${step.join(' ')}`)
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
