import { SpaceError, shown } from '../error.js';
import type { SearchSpace } from '../space.js';
import { blox } from './blox.js';
import { fashionBlox } from './fashion-blox.js';
import { fashionMobile } from './fashion-mobile.js';

/** The built-in spaces. */
export const families: readonly SearchSpace[] = [fashionMobile, fashionBlox, blox];

/** The built-in space of that name, if there is one. */
export function findFamily(name: string): SearchSpace | undefined {
  return families.find((space) => space.name === name);
}

/** The built-in space of that name; SpaceError SPACE_UNKNOWN_FAMILY that lists the known names. */
export function family(name: string): SearchSpace {
  const space = findFamily(name);
  if (space === undefined) {
    const known = families.map((each) => each.name).join(', ');
    throw new SpaceError('SPACE_UNKNOWN_FAMILY', [
      { path: '', message: `no search space ${shown(name)}; there are ${known}` },
    ]);
  }
  return space;
}
