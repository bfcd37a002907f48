'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { RunFrontier } from '@/charts/run-frontier';
import { formatCount, formatDuration } from './quantity';
import { isEnded, remainingSeconds, type RunProgress } from './run-progress';
import { RunStatusMark } from './run-status';

interface LiveProgressProps {
  id: string;
  initial: RunProgress;
  /** What is counted: `evaluations`, `measurements`. */
  counted: string;
  /** What a failure is called. */
  failed?: string;
  task: { metric: string; unit: string } | null;
  /** Whether only what keeps limits is on the frontier. */
  limited?: boolean;
  children?: ReactNode;
}

/** Bar, counts and, for a search, the frontier as it grows; loads the page anew when the run has ended. */
export function LiveProgress({
  id,
  initial,
  counted,
  failed = 'failed',
  task,
  limited = false,
  children,
}: LiveProgressProps) {
  const { progress, now } = useRunProgress(id, initial);
  const share = progress.total === 0 ? 0 : Math.min(1, progress.done / progress.total);
  const remaining = remainingSeconds(progress, now);
  const running = !isEnded(progress.status);
  return (
    <section aria-label="Progress">
      <div className="flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <RunStatusMark status={progress.status} />
        <p>
          <b className="text-lg">{formatCount(progress.done)}</b>{' '}
          <span className="text-muted">
            of {formatCount(progress.total)} {counted}
          </span>
        </p>
        {running && remaining !== null ? (
          <p className="text-sm text-muted">about {formatDuration(remaining)} left</p>
        ) : null}
        {progress.unstableCount > 0 ? (
          <p className="text-sm text-warning">{progress.unstableCount} unstable</p>
        ) : null}
        {progress.failedCount > 0 ? (
          <p className="text-sm text-danger">
            {formatCount(progress.failedCount)} {failed}
          </p>
        ) : null}
        <div className="ml-auto">{children}</div>
      </div>
      <div
        role="progressbar"
        aria-label={counted}
        aria-valuemin={0}
        aria-valuemax={progress.total}
        aria-valuenow={progress.done}
        className="mt-3 h-1.5 overflow-hidden rounded-full bg-hairline"
      >
        <div
          className="h-full origin-left bg-leaf transition-transform duration-200"
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
      {progress.error ? (
        <p role="alert" className="mt-4 max-w-[68ch] border-l-2 border-danger pl-4">
          {progress.error}
        </p>
      ) : null}
      {task && progress.frontier.length > 0 ? (
        <div className="mt-10">
          <h2 className="mb-4 text-lg">
            {limited ? 'The frontier within the limits' : 'The frontier'}
            {running ? ' so far' : ''}: {formatCount(progress.frontier.length)} networks
          </h2>
          <RunFrontier frontier={progress.frontier} metric={task.metric} unit={task.unit} />
        </div>
      ) : null}
    </section>
  );
}

function useRunProgress(id: string, initial: RunProgress): { progress: RunProgress; now: number } {
  const [state, setState] = useState({ progress: initial, now: Date.parse(initial.startedAt ?? '') || 0 });
  const router = useRouter();
  const live = !isEnded(initial.status);
  useEffect(() => {
    if (!live) return undefined;
    const events = new EventSource(`/api/progress/${encodeURIComponent(id)}`);
    events.addEventListener('progress', (event: MessageEvent<string>) => {
      const progress = JSON.parse(event.data) as RunProgress;
      setState({ progress, now: Date.now() });
      if (!isEnded(progress.status)) return;
      events.close();
      router.refresh();
    });
    events.addEventListener('failure', () => events.close());
    return () => events.close();
  }, [id, live, router]);
  return live ? state : { progress: initial, now: 0 };
}
