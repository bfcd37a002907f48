import { Worker } from 'node:worker_threads';
import type { TrialRow } from '../entities.js';
import { RefusedInThread } from '../permanent.js';
import type { Begun, FromThread, SearchedColumns, ToThread } from './messages.js';

/** A slice of a search. */
export interface Searched {
  readonly trials: readonly TrialRow[];
  /** State of the sampler after them. */
  readonly checkpoint: Uint8Array;
}

/** A run that a thread holds. */
export interface ThreadedRun {
  readonly save: () => Promise<Uint8Array>;
  readonly search: (asked: { readonly done: number; readonly size: number }) => Promise<Searched>;
  readonly end: () => void;
}

export interface SearchThreads {
  /** Gives a run to the thread with the fewest. Rejects its slices with RefusedInThread for what will fail again. */
  begin(begun: Begun): ThreadedRun;
  /** Ends the threads; what they are asked for fails. */
  close(): Promise<void>;
}

/**
 * Up to `most` threads that search tables, each started when there is a run for it, so that runs use several cores and the event
 * loop is free. When a thread dies its runs fail, which is a failed attempt of each, and the next run gets a new thread.
 */
export function searchThreads(most: number): SearchThreads {
  const threads: Thread[] = [];
  let keys = 0;
  return {
    begin(begun) {
      for (let at = threads.length - 1; at >= 0; at--) if (threads[at]?.isDead) threads.splice(at, 1);
      let thread = threads.reduce<Thread | null>(
        (idlest, each) => (idlest && idlest.runs <= each.runs ? idlest : each),
        null,
      );
      if (!thread || (thread.runs > 0 && threads.length < most)) {
        thread = new Thread();
        threads.push(thread);
      }
      return thread.begin(keys++, begun);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}

interface Waiting {
  readonly resolve: (columns: SearchedColumns) => void;
  readonly reject: (error: Error) => void;
}

class Thread {
  runs = 0;
  isDead = false;
  private calls = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly worker = new Worker(new URL('./search-thread.js', import.meta.url));

  constructor() {
    this.worker.on('message', (message: FromThread) => {
      const waiting = this.waiting.get(message.call);
      this.waiting.delete(message.call);
      if ('columns' in message) waiting?.resolve(message.columns);
      else
        waiting?.reject(
          message.isPermanent ? new RefusedInThread(message.failure) : new Error(message.failure),
        );
    });
    this.worker.on('error', (error: Error) => this.die(error));
    this.worker.on('exit', (code) => this.die(new Error(`A search thread ended with ${String(code)}.`)));
    // An idle thread keeps no process alive.
    this.worker.unref();
  }

  begin(key: number, begun: Begun): ThreadedRun {
    this.runs++;
    this.worker.ref();
    this.post({ kind: 'BEGIN', key, begun });
    let isHeld = true;
    return {
      save: async () => (await this.search(key, 0, 0)).checkpoint,
      search: async ({ done, size }) => slicedOf(await this.search(key, done, size), done),
      end: () => {
        if (!isHeld) return;
        isHeld = false;
        this.runs--;
        if (this.isDead) return;
        this.post({ kind: 'END', key });
        if (this.runs === 0) this.worker.unref();
      },
    };
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private search(key: number, done: number, size: number): Promise<SearchedColumns> {
    return new Promise((resolve, reject) => {
      if (this.isDead) {
        reject(new Error('The search thread has ended.'));
        return;
      }
      const call = this.calls++;
      this.waiting.set(call, { resolve, reject });
      this.post({ kind: 'SEARCH', key, call, done, size });
    });
  }

  private post(message: ToThread): void {
    this.worker.postMessage(message);
  }

  private die(error: Error): void {
    this.isDead = true;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function slicedOf(
  { architectures, accuracy, latencyMs, withinLimits, checkpoint }: SearchedColumns,
  done: number,
): Searched {
  const positions = accuracy.length === 0 ? 0 : architectures.length / accuracy.length;
  const bytes = Buffer.from(architectures.buffer, architectures.byteOffset, architectures.byteLength);
  const trials = Array.from(accuracy, (value, at): TrialRow => ({
    ordinal: done + at + 1,
    architecture: bytes.subarray(at * positions, (at + 1) * positions),
    accuracy: value,
    latencyMs: latencyMs[at] as number,
    withinLimits: withinLimits[at] === 1,
  }));
  return { trials, checkpoint };
}
