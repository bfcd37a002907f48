import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { BlobStore } from './blobs/blob-store.js';
import type { InScope } from './database/tenancy.js';
import type { EventBus } from './events/event-bus.js';
import type { JobQueue } from './queue/job-queue.js';

/** What every feature stands on. Made once by each process's composition root. */
export interface Platform {
  readonly config: Config;
  readonly log: Logger;
  readonly inScope: InScope;
  readonly queue: JobQueue;
  readonly blobs: BlobStore;
  readonly events: EventBus;
}
