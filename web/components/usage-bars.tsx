import type { PoolFactsFragment } from '@/graphql/generated/documents';
import { formatDuration, plural } from './quantity';

type Use = PoolFactsFragment['usage'][number];

/** Device time of a week by team, the largest first: a bar in proportion to the largest, the figures beside it. */
export function UsageBars({ usage }: { usage: readonly Use[] }) {
  if (usage.length === 0) return <p className="mt-2 text-sm text-muted">Nothing measured in seven days.</p>;
  const teams = byTeam(usage);
  const most = Math.max(...teams.map(({ seconds }) => seconds), 1e-9);
  return (
    <table className="mt-3 w-full max-w-[80ch] table-fixed text-sm">
      <caption className="sr-only">Device time of the last seven days by team</caption>
      <colgroup>
        <col className="w-28 sm:w-40" />
        <col />
        <col className="w-28" />
        <col className="hidden w-44 sm:table-column" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Team</th>
          <th scope="col">Share</th>
          <th scope="col">Device time</th>
          <th scope="col">Measurements</th>
        </tr>
      </thead>
      <tbody>
        {teams.map(({ id, name, seconds, today, measurements }) => (
          <tr key={id}>
            <th scope="row" className="w-28 truncate py-1 sm:w-40 pr-4 text-left font-normal">
              {name}
            </th>
            <td className="py-1 pr-4">
              <div className="h-2 w-full rounded-full bg-hairline">
                <div
                  className="h-full min-w-0.5 rounded-full bg-leaf"
                  style={{ width: `${(100 * seconds) / most}%` }}
                />
              </div>
            </td>
            <td
              className="w-24 py-1 pr-4 text-right whitespace-nowrap"
              title={`today ${formatDuration(today)}`}
            >
              {formatDuration(seconds)}
            </td>
            <td className="hidden w-40 py-1 text-right whitespace-nowrap text-muted sm:table-cell">
              {plural(measurements, 'measurement')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface TeamUse {
  readonly id: string;
  readonly name: string;
  readonly seconds: number;
  readonly today: number;
  readonly measurements: number;
}

function byTeam(usage: readonly Use[]): TeamUse[] {
  const today = new Date().toISOString().slice(0, 10);
  const teams = new Map<string, TeamUse>();
  for (const { team, day, deviceSeconds, measurements } of usage) {
    const so = teams.get(team.id) ?? { ...team, seconds: 0, today: 0, measurements: 0 };
    teams.set(team.id, {
      ...so,
      seconds: so.seconds + deviceSeconds,
      today: so.today + (day.startsWith(today) ? deviceSeconds : 0),
      measurements: so.measurements + measurements,
    });
  }
  return [...teams.values()].sort((a, b) => b.seconds - a.seconds);
}
