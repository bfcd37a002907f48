import { referenceNetwork } from '@espalier/nas/graph';
import { listSupportedBackends } from 'onnxruntime-node';
import { measuredModel, type Precision } from '../measuring/measured-model.js';
import { defaultBudget } from './budget.js';
import { runtimeHost } from './runtime-host.js';

/** How much of a network a provider computes itself: `SOME` leaves the rest to the processor. */
export type Coverage = 'ALL' | 'SOME';

/** Execution providers that the installed runtime has in it or can load, as it calls them. */
export function knownProviders(): readonly string[] {
  return listSupportedBackends().map(({ name }) => name);
}

/**
 * Tries a provider on the reference network, in a process of its own, and tells what part of it the provider computes. Rejects with
 * a sentence when the runtime does not know the provider or this machine cannot run it.
 */
export async function tryProvider(
  provider: string,
  threads: number,
  precision: Precision,
): Promise<Coverage> {
  const known = knownProviders();
  if (!known.includes(provider))
    throw new Error(`onnxruntime-node does not know the provider ${provider}: it has ${known.join(', ')}.`);
  const bytes = measuredModel(referenceNetwork(), { batch: 1, seed: 0, precision });
  const runs = async (wholly: boolean): Promise<void> => {
    const host = runtimeHost({ provider, threads, wholly }, defaultBudget());
    const loaded = await host.load(bytes);
    try {
      await loaded.sample(1);
    } finally {
      await loaded.release();
    }
  };
  try {
    await runs(false);
  } catch (error) {
    // The runtime's words begin with a place in its source.
    const words = (error as Error).message.replace(/^\/\S+:\d+ .*? was false\. /, '').split('\n')[0] ?? '';
    throw new Error(`The provider ${provider} does not work on this machine: ${words}`, { cause: error });
  }
  // The processor falls back to nobody.
  if (provider === 'cpu') return 'ALL';
  try {
    await runs(true);
    return 'ALL';
  } catch (error) {
    if (leavesNodes(error)) return 'SOME';
    throw error;
  }
}

/** Whether the runtime refused a model because the provider does not compute all of it. */
export function leavesNodes(error: unknown): boolean {
  return error instanceof Error && /fallback to CPU EP has been explicitly disabled/.test(error.message);
}
