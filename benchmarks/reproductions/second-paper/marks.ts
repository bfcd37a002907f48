import type { Verdict } from './claims.js';

/** A verdict in a cell of a table. */
export const MARKS: Readonly<Record<Verdict, string>> = { holds: '✓', open: '·', fails: '✗' };
