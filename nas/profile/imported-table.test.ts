import { describe, expect, it } from 'vitest';
import { fashionMobile, positionsOf } from '../space/index.js';
import { importedTable, type WrittenLatency } from './imported-table.js';

const positions = positionsOf(fashionMobile);

const row = (position: string, choice: string, latencyMs: number, at = 1): WrittenLatency => ({
  position,
  choice,
  latencyMs,
  written: String(latencyMs),
  row: at,
});

/** Every block by name, 1 ms and a hundredth more each. */
const whole = (): WrittenLatency[] =>
  positions.flatMap((position, layer) =>
    position.choices.map(({ name }, choice) => row(position.name, name, 1 + (27 * layer + choice) / 100)),
  );

const problemsOf = (rows: readonly WrittenLatency[]) => {
  const read = importedTable(fashionMobile, rows);
  return 'problems' in read ? read.problems : [];
};

describe('a table measured elsewhere', () => {
  it('is found by names, in any order, with what every network pays', () => {
    const read = importedTable(fashionMobile, [...whole().reverse(), row('fixed', '', 0.4)]);
    expect('table' in read && read.table.fixedMs).toBe(0.4);
    expect('table' in read && read.table.layers[1]?.[2]).toBeCloseTo(1.29);
  });

  it('is found by indices', () => {
    const rows = positions.flatMap(({ choices }, layer) =>
      choices.map((_, choice) => row(String(layer), String(choice), layer + choice)),
    );
    const read = importedTable(fashionMobile, rows);
    expect('table' in read && read.table.layers[2]?.[26]).toBe(28);
  });

  it.each([
    ['no number', Number.NaN, 'no number'],
    ['infinite', Number.POSITIVE_INFINITY, 'no number'],
    ['negative', -0.1, 'negative'],
    ['longer than an hour', 3_600_001, 'longer than an hour'],
  ])('is refused for a time that is %s, and says where', (_what, ms, message) => {
    const rows = [
      ...whole().slice(1),
      row(positions[0]?.name ?? '', positions[0]?.choices[0]?.name ?? '', ms, 7),
    ];
    expect(problemsOf(rows)).toMatchObject([{ row: 7, column: 'latency_ms' }]);
    expect(problemsOf(rows)[0]?.message).toContain(message);
  });

  it('is refused for a block given twice', () => {
    const [first] = whole();
    expect(problemsOf([...whole(), { ...(first ?? row('', '', 0)), row: 99 }])).toMatchObject([
      { row: 99, column: 'choice', message: expect.stringContaining('twice') as string },
    ]);
  });

  it('is refused for unknown names, and says what was expected', () => {
    expect(problemsOf([row('nowhere', '0', 1, 2)])).toMatchObject([{ row: 2, column: 'position' }]);
    expect(problemsOf([row('0', 'k99', 1, 3)])).toMatchObject([
      { row: 3, column: 'choice', message: expect.stringContaining('0 to 26') as string },
    ]);
    for (const hostile of ['__proto__', 'constructor', '-1', '1e3', '99999'])
      expect(problemsOf([row('0', hostile, 1)])[0]?.column).toBe('choice');
  });

  it('lists what is missing, a line a position', () => {
    const rows = whole().filter((_, at) => at !== 0 && at < 54);
    const problems = problemsOf(rows);
    expect(problems).toHaveLength(2);
    expect(problems[0]?.message).toContain('lacks 1 of its 27');
    expect(problems[1]?.message).toContain('lacks 27 of its 27');
  });

  it('tells at most a hundred problems', () => {
    expect(problemsOf(Array.from({ length: 5_000 }, () => row('x', '', 1)))).toHaveLength(100);
  });
});
