import type { Figure } from '../science/figure.js';
import { reproduceFirstPaper } from './first-paper/first-paper.js';
import { reproduceSecondPaper } from './second-paper/second-paper.js';
import { reproduceThirdPaper } from './third-paper/third-paper.js';

export interface ReproduceFlags {
  /** Folder of the public tables (docs/guides/public-tables.md). */
  readonly data?: string | undefined;
  /** Where measurements are kept; those that are there already are not made again. */
  readonly parts?: string | undefined;
  /** Where to write what came out as Markdown. */
  readonly report?: string | undefined;
}

/** By the name on the command line. */
const PAPERS: Readonly<Record<string, (flags: ReproduceFlags) => Figure[] | Promise<Figure[]>>> = {
  'first-paper': reproduceFirstPaper,
  'second-paper': reproduceSecondPaper,
  'third-paper': reproduceThirdPaper,
};

/** Tries the claims of a publication anew (docs/papers). RangeError for an unknown one or without the tables that it needs. */
export function reproduce(name: string, flags: ReproduceFlags): Figure[] | Promise<Figure[]> {
  const paper = PAPERS[name];
  if (paper === undefined)
    throw new RangeError(`reproduce: expected one of ${Object.keys(PAPERS).join(', ')}, got ${name}`);
  return paper(flags);
}
