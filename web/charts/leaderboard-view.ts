/** What the reader chose to see of a leaderboard; the address holds it, defaults left out. */
export interface LeaderboardView {
  maxLatencyMs: number | null;
  logarithmic: boolean;
  frontierOnly: boolean;
  unpruned: boolean;
}

export function readView(parameters: { get: (name: string) => string | null }): LeaderboardView {
  const max = Number(parameters.get('max'));
  return {
    maxLatencyMs: Number.isFinite(max) && max > 0 ? max : null,
    logarithmic: parameters.get('log') === '1',
    frontierOnly: parameters.get('frontier') === '1',
    unpruned: parameters.get('unpruned') !== '0',
  };
}

/** The query string with its question mark, or nothing when every choice is the default. */
export function writeView(view: LeaderboardView): string {
  const parameters = new URLSearchParams();
  if (view.maxLatencyMs !== null) parameters.set('max', String(view.maxLatencyMs));
  if (view.logarithmic) parameters.set('log', '1');
  if (view.frontierOnly) parameters.set('frontier', '1');
  if (!view.unpruned) parameters.set('unpruned', '0');
  const text = parameters.toString();
  return text ? `?${text}` : '';
}
