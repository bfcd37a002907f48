import { spaceSize, type SearchSpace } from '@espalier/nas/space';
import { isEnumerable } from './reference.js';

/** What a worker takes on: objectives of ten million trials are 160 MB. */
export const MOST_EVALUATIONS = 10_000_000;
/** Where accuracies come from the trials themselves, each network's stands in a map. */
export const MOST_WITHOUT_TABLE = 2_000_000;

/** Evaluations and networks of a table that are gone through within a second, most of it between two looks at the event loop. */
const MOST_IN_REQUEST = 300_000;

/** Whether the request may compute it itself. `table` is the space whose every network must be looked at. */
export function isForRequest(evaluations: number, table: SearchSpace | null): boolean {
  const networks = table && isEnumerable(table) ? Number(spaceSize(table)) : 0;
  return evaluations + networks <= MOST_IN_REQUEST;
}
