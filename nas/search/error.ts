export type SearchErrorCode =
  'SEARCH_INVALID_SETTINGS' | 'SEARCH_INVALID_EVALUATION' | 'SEARCH_INVALID_CHECKPOINT';

/** Settings, an evaluation or a checkpoint that a search cannot work with. */
export class SearchError extends Error {
  override readonly name = 'SearchError';

  constructor(
    readonly code: SearchErrorCode,
    message: string,
  ) {
    super(message);
  }
}
