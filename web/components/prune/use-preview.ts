import { useEffect, useRef, useState } from 'react';
import type { PreviewPruningQuery, PruningInput } from '@/graphql/generated/documents';
import type { Failure } from '@/server/api';

export type Preview = PreviewPruningQuery['previewPruning'];

export interface PreviewState {
  /** The last answer; stays while the next is on its way. */
  preview: Preview | null;
  failure: Failure | null;
  pending: boolean;
  /** True once an answer has been waited for longer than a moment. */
  slow: boolean;
}

/** Waits this long after the last change before it asks, milliseconds. */
const PAUSE = 250;
/** Up to here no one wonders whether anything happens, milliseconds. */
const MOMENT = 1000;

/** What the input would do, asked again whenever it changes; null asks nothing. */
export function usePreview(input: PruningInput | null): PreviewState {
  const [state, setState] = useState<PreviewState>({
    preview: null,
    failure: null,
    pending: input !== null,
    slow: false,
  });
  const text = input === null ? null : JSON.stringify(input);
  const first = useRef(true);
  useEffect(() => {
    if (text === null) return;
    const abort = new AbortController();
    const ask = setTimeout(
      () => {
        setState((before) => ({ ...before, pending: true, slow: false }));
        void postJson<Preview>('/api/spaces/pruning', text, abort.signal).then((answer) => {
          if (answer === null) return;
          setState((before) =>
            'failure' in answer
              ? { ...before, ...answer, pending: false, slow: false }
              : { preview: answer.data, failure: null, pending: false, slow: false },
          );
        });
      },
      first.current ? 0 : PAUSE,
    );
    first.current = false;
    const wonder = setTimeout(
      () => setState((before) => (before.pending ? { ...before, slow: true } : before)),
      PAUSE + MOMENT,
    );
    return () => {
      clearTimeout(ask);
      clearTimeout(wonder);
      abort.abort();
    };
  }, [text]);
  return state;
}

/** Posts JSON to a route of this site; null when the question was taken back. */
export async function postJson<T>(
  path: string,
  body: string,
  signal: AbortSignal,
): Promise<{ data: T } | { failure: Failure } | null> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal,
    });
    const answer: unknown = await response.json();
    return response.ok ? { data: answer as T } : { failure: answer as Failure };
  } catch {
    if (signal.aborted) return null;
    return {
      failure: {
        code: 'API_UNREACHABLE',
        message: 'There was no answer. Try again in a moment.',
        requestId: null,
      },
    };
  }
}
