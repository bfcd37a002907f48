import { expect, it } from 'vitest';
import { keptByReduction, publishedReductions } from '@espalier/nas/prune';
import { family, keptSize } from '@espalier/nas/space';
import { createRandom } from '@espalier/nas/stats';
import { controlSpace } from './control-space.js';

const space = family('ofa-mbv3-w10');

it.each(publishedReductions.filter(({ maxDepths }) => maxDepths.length === 5))(
  'is as large as $name, and another one for another seed',
  (reduction) => {
    const reduced = keptByReduction(space, reduction);
    const spaces = [1, 2, 3].map((seed) => controlSpace(space, reduced, createRandom(seed)));
    for (const kept of spaces) expect(keptSize(space, kept)).toBe(keptSize(space, reduced));
    expect(new Set(spaces.map((kept) => JSON.stringify(kept))).size).toBe(3);
  },
);
