import type { Block } from '../../space/index.js';
import type { NetworkBuilder, Wire } from '../builder.js';
import { addBloxCell } from './blox-cell.js';
import { addFashionCell } from './fashion-cell.js';
import { addInvertedResidual } from './inverted-residual.js';

/** Appends a block; its tensors' names begin with `prefix`. All blocks keep the shape. */
export function addBlock(builder: NetworkBuilder, from: Wire, block: Block, prefix: string): Wire {
  switch (block.kind) {
    case 'inverted-residual':
      return addInvertedResidual(builder, from, block, prefix);
    case 'cell':
      return addFashionCell(builder, from, block, prefix);
    case 'blox-cell':
      return addBloxCell(builder, from, block, prefix);
  }
}
