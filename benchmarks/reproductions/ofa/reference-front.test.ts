import { expect, it } from 'vitest';
import { enumerateEncodings, family, type Encoding } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import { frontOf, referenceFront } from './reference-front.js';

it('is the true front where the space can be enumerated, and the same each time', () => {
  const space = family('fashion-mobile');
  const random = createRandom(5);
  const effects = Array.from({ length: 81 }, () => [random.float(), random.float()] as const);
  const objectives = (encoding: Encoding): { error: number; latencyMs: number } => ({
    error: encoding.reduce((sum, choice, at) => sum + (effects[27 * at + choice]?.[0] ?? 0), 0),
    latencyMs: encoding.reduce((sum, choice, at) => sum + (effects[27 * at + choice]?.[1] ?? 0), 0),
  });
  const all = Array.from(enumerateEncodings(space), (encoding) => ({ encoding, ...objectives(encoding) }));
  const found = referenceFront(space, objectives, { runs: 2, evaluations: 1000 });
  expect(found).toEqual(frontOf(all));
  expect(referenceFront(space, objectives, { runs: 2, evaluations: 1000 })).toEqual(found);
});
