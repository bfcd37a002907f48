import { notFound } from '../platform/errors.js';
import type { EventBus, ProgressEvent } from '../platform/events/event-bus.js';
import { toGlobalId } from './node-ids.js';

interface Standing {
  readonly status: ProgressEvent['status'];
  readonly done: number;
  readonly total: number;
}

interface Progress extends Standing {
  readonly runId: string;
  readonly at: string;
}

/**
 * Steps of a run for a subscription: how it stands now, then each change, ending with its end. `standing` reads the row
 * in the caller's scope at every step, so that a right that was withdrawn ends the stream.
 */
export async function* progressOf<Field extends string>(
  events: EventBus,
  type: 'SearchRun' | 'ProfileRun',
  uuid: string,
  field: Field,
  standing: () => Promise<Standing | null>,
): AsyncGenerator<Record<Field, Progress>> {
  const step = async (): Promise<Progress> => {
    const now = await standing();
    if (!now) throw notFound(type);
    return { ...now, runId: toGlobalId(type, uuid), at: new Date().toISOString() };
  };
  const ended = ({ status }: Standing): boolean => status !== 'QUEUED' && status !== 'RUNNING';
  // Listening begins before the first look, so that nothing falls between the two.
  const changes = events.subscribe(uuid);
  try {
    let last = await step();
    yield { [field]: last } as Record<Field, Progress>;
    while (!ended(last)) {
      if ((await changes.next()).done) return;
      last = await step();
      yield { [field]: last } as Record<Field, Progress>;
    }
  } finally {
    await changes.return?.();
  }
}
