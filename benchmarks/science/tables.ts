import { fashionTables } from './fashion-tables.js';
import { nasBench201Tables } from './nasbench201-tables.js';
import { nasBenchMacroTables } from './nasbench-macro-tables.js';
import type { TabulatedSpace } from './tabulated.js';

/** Every (space, target) with a full table; those of the public files only where `dataFolder` holds them. */
export function allTables(dataFolder: string | undefined): readonly TabulatedSpace[] {
  return [
    ...fashionTables(),
    ...(dataFolder === undefined
      ? []
      : [...nasBenchMacroTables(dataFolder), ...nasBench201Tables(dataFolder)]),
  ];
}
