import { median } from '@espalier/nas/stats';

/**
 * One measured row: the median of `n` runs. `peer` is the recorded figure of the peer or the limit to reach, null where there
 * is none; `ratio` is ours against it, above 1 is better.
 */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly n: number;
}

/** A duration in milliseconds: smaller is better. */
export function durationFigure(name: string, peerMs: number, run: () => void, n = 9): Figure {
  const value = median(timesMs(run, n));
  return { name, value, unit: 'ms', peer: peerMs, ratio: peerMs / value, n };
}

/** A rate: `count` things a run, per second; larger is better. */
export function rateFigure(
  name: string,
  unit: string,
  peer: number,
  count: number,
  run: () => void,
  n = 9,
): Figure {
  const value = (1000 * count) / median(timesMs(run, n));
  return { name, value, unit, peer, ratio: value / peer, n };
}

/** The table that a person reads. */
export function printFigures(figures: readonly Figure[]): void {
  const number = (value: number | null): string =>
    value === null ? '–' : value.toLocaleString('en', { maximumSignificantDigits: 4 });
  const rows = figures.map((f) => [
    f.name,
    number(f.value),
    f.unit,
    number(f.peer),
    number(f.ratio),
    String(f.n),
  ]);
  const table = [['name', 'value', 'unit', 'peer', 'ratio', 'n'], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0))) ?? [];
  for (const row of table)
    console.log(
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    );
}

/** Two runs warm the compiler up and are not counted. */
function timesMs(run: () => void, n: number): number[] {
  run();
  run();
  return Array.from({ length: n }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}
