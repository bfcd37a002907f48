import { expect, it } from 'vitest';
import { referenceNetwork } from '@espalier/nas/graph';
import { measuredModel } from '../measuring/measured-model.js';
import { loadModel } from './onnxruntime-node.js';
import { knownProviders, leavesNodes, tryProvider } from './providers.js';

it.each(['fp32', 'int8'] as const)(
  'finds that the processor computes all of a network in %s',
  async (precision) => {
    expect(await tryProvider('cpu', 1, precision)).toBe('ALL');
  },
);

it('refuses a provider that the runtime does not know, and says which it does', async () => {
  await expect(tryProvider('abacus', 1, 'fp32')).rejects.toThrow(
    /does not know the provider abacus: it has cpu/,
  );
});

/** A runtime lists what it could load; whether the machine has it shows when it is tried. */
it.each(knownProviders().filter((provider) => provider !== 'cpu'))(
  'tells what %s computes, or that this machine has it not',
  async (provider) => {
    const outcome = await tryProvider(provider, 1, 'fp32').catch((error: unknown) => String(error));
    expect(outcome).toMatch(
      new RegExp(`^ALL$|^SOME$|The provider ${provider} does not work on this machine: .`),
    );
  },
);

it('recognises a provider that leaves nodes to the processor', async () => {
  const model = measuredModel(referenceNetwork(), { batch: 1, seed: 0, precision: 'fp32' });
  // All of it is left to the processor when the processor is all there is.
  const refused: unknown = await loadModel(model, { threads: 1, wholly: true }).catch(
    (error: unknown) => error,
  );
  expect(leavesNodes(refused)).toBe(true);
  expect(leavesNodes(new Error('out of memory'))).toBe(false);
});
