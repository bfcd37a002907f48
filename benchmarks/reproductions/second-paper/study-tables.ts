import { nasBench201Cifar10, nasBenchMacro } from '@espalier/nas/space';
import { grouped } from '../../science/grouped-positions.js';
import { allTables } from '../../science/tables.js';
import type { TabulatedSpace } from '../../science/tabulated.js';

/**
 * Every table there is. Spaces with three or five choices a layer are studied twice: as they are, and with what the paper prunes,
 * a stage's block of many variants: NAS-Bench-Macro's stages, NAS-Bench-201's nodes with all edges that lead to them.
 */
export function studyTables(dataFolder: string | undefined): readonly TabulatedSpace[] {
  return allTables(dataFolder).flatMap((table) => {
    if (table.space === nasBenchMacro) return [table, grouped(table, 'stages', [2, 3, 3])];
    if (table.space === nasBench201Cifar10) return [table, grouped(table, 'nodes', [1, 2, 3])];
    return [table];
  });
}
