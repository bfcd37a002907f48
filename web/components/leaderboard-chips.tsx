'use client';

import { writeView, type LeaderboardView } from '@/charts/leaderboard-view';

interface LeaderboardChipsProps {
  view: LeaderboardView;
  change: (view: LeaderboardView) => void;
  comparable: boolean;
  exportPath: string;
  savePng: () => void;
}

/** The reader's choices; each changes the address, so that a view can be sent to somebody. */
export function LeaderboardChips({ view, change, comparable, exportPath, savePng }: LeaderboardChipsProps) {
  const toggle = (label: string, on: boolean, next: LeaderboardView) => (
    <button type="button" className="chip" aria-pressed={on} onClick={() => change(next)}>
      {label}
    </button>
  );
  return (
    <div className="flex flex-wrap items-center gap-2" role="group" aria-label="View">
      {comparable ? toggle('Pruned vs unpruned', view.unpruned, { ...view, unpruned: !view.unpruned }) : null}
      {toggle('Frontier only', view.frontierOnly, { ...view, frontierOnly: !view.frontierOnly })}
      {toggle('Log latency', view.logarithmic, { ...view, logarithmic: !view.logarithmic })}
      <LatencyLimit key={view.maxLatencyMs} view={view} change={change} />
      <details className="relative" name="export">
        <summary className="chip list-none">Export</summary>
        <div className="float absolute z-20 mt-2 grid w-36 p-2 text-sm">
          <a
            className="rounded px-3 py-1.5 hover:bg-paper"
            href={`${exportPath}${merge(view, 'csv')}`}
            download
          >
            CSV
          </a>
          <a
            className="rounded px-3 py-1.5 hover:bg-paper"
            href={`${exportPath}${merge(view, 'json')}`}
            download
          >
            JSON
          </a>
          <button type="button" className="rounded px-3 py-1.5 text-left hover:bg-paper" onClick={savePng}>
            PNG
          </button>
        </div>
      </details>
    </div>
  );
}

function merge(view: LeaderboardView, format: string): string {
  const query = writeView({ ...view, logarithmic: false, frontierOnly: false, unpruned: true });
  return `${query ? `${query}&` : '?'}format=${format}`;
}

function LatencyLimit({ view, change }: { view: LeaderboardView; change: (view: LeaderboardView) => void }) {
  const apply = (text: string) => {
    const value = Number(text.replace(',', '.'));
    change({ ...view, maxLatencyMs: Number.isFinite(value) && value > 0 ? value : null });
  };
  return (
    <form
      className={`chip ${view.maxLatencyMs === null ? '' : 'chip-on'}`}
      onSubmit={(event) => {
        event.preventDefault();
        apply(String(new FormData(event.currentTarget).get('max') ?? ''));
      }}
    >
      <label className="flex items-center gap-1.5">
        at most
        <input
          name="max"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={view.maxLatencyMs ?? ''}
          placeholder="any"
          aria-label="Slowest latency to show, milliseconds"
          className="w-12 border-b border-muted bg-transparent text-center text-ink placeholder:text-muted"
          onBlur={(event) => {
            if (event.target.value !== String(view.maxLatencyMs ?? '')) apply(event.target.value);
          }}
        />
        ms
      </label>
      {view.maxLatencyMs === null ? null : (
        <button
          type="button"
          aria-label="Remove the latency limit"
          onClick={() => change({ ...view, maxLatencyMs: null })}
          className="-mr-1.5 px-1"
        >
          ×
        </button>
      )}
    </form>
  );
}
