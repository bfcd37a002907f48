import { formatAgo } from './quantity';

export function TimeAgo({ instant }: { instant: string }) {
  return (
    <time dateTime={instant} title={instant} className="whitespace-nowrap">
      {formatAgo(instant, Date.now())}
    </time>
  );
}
