import { isEnded, progressOf } from '@/components/run-progress';
import { RunProgressDocument } from '@/graphql/generated/documents';
import { ask } from '@/server/api';
import { pathParameter } from '@/server/leaderboard';

const INTERVAL_MS = 700;
/** The browser connects again after this long, so that a forgotten tab holds nothing for ever. */
const LONGEST_MS = 10 * 60_000;

/**
 * Progress of a run as Server-Sent Events: `progress` whenever something changed, `failure` when the API refuses. Ends
 * with the run. The session stays on this side; every step is authorised by the API anew.
 */
export async function GET(
  request: Request,
  { params }: RouteContext<'/api/progress/[id]'>,
): Promise<Response> {
  const id = pathParameter((await params).id);
  const first = await ask(RunProgressDocument, { id });
  if (first.ok && !progressOf(first.data.node)) return new Response(null, { status: 404 });
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      const send = (event: string, data: string) =>
        controller.enqueue(encoder.encode(`event: ${event}\ndata: ${data}\n\n`));
      const stopAt = Date.now() + LONGEST_MS;
      let last = '';
      let answer = first;
      while (!request.signal.aborted && Date.now() < stopAt) {
        if (!answer.ok) {
          send('failure', JSON.stringify(answer.failure));
          break;
        }
        const progress = progressOf(answer.data.node);
        const text = JSON.stringify(progress);
        if (text !== last) send('progress', text);
        last = text;
        if (!progress || isEnded(progress.status)) break;
        await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
        answer = await ask(RunProgressDocument, { id });
      }
      if (!request.signal.aborted) controller.close();
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
