import type { Archived } from './archive.js';
import { SearchError } from './error.js';

/** Takes a checkpoint's numbers apart in order; SearchError SEARCH_INVALID_CHECKPOINT when there are too few or too many. */
export class NumbersReader {
  private at = 0;

  constructor(private readonly numbers: readonly number[]) {}

  one(): number {
    return this.many(1)[0] ?? NaN;
  }

  many(count: number): number[] {
    if (!(count >= 0) || this.at + count > this.numbers.length) throw this.misfit();
    this.at += count;
    return this.numbers.slice(this.at - count, this.at);
  }

  archived(layerCount: number): Archived[] {
    return this.list(() => {
      const choices = this.many(layerCount);
      const [error = NaN, latencyMs = NaN, violation = NaN] = this.many(3);
      return { choices, error, latencyMs, violation };
    });
  }

  /** As many as the next number says. */
  list<T>(read: () => T): T[] {
    const count = this.one();
    if (!(count >= 0) || count > this.numbers.length) throw this.misfit();
    return Array.from({ length: count }, read);
  }

  end(): void {
    if (this.at !== this.numbers.length) throw this.misfit();
  }

  private misfit(): SearchError {
    return new SearchError(
      'SEARCH_INVALID_CHECKPOINT',
      `checkpoint: ${String(this.numbers.length)} numbers are not what was saved`,
    );
  }
}
