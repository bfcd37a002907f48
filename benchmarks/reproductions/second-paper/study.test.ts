import { beforeAll, describe, expect, it } from 'vitest';
import { fashionMobile, positionsOf } from '@espalier/nas/space';
import { fashionTable } from '../../science/fashion-tables.js';
import { reportOf } from './report.js';
import { studyOf, type TableResult, type TreatmentResult } from './study.js';
import { TREATMENTS, treatmentName } from './treatments.js';

/** Blocks take longer the larger their index: by 1 at the first stage, by 2 at the second, by 3 at the last. */
const blockLatencyMs = positionsOf(fashionMobile).map(({ choices }, at) =>
  choices.map((_, i) => 1 + (at + 1) * i),
);
let result: TableResult;
beforeAll(() => {
  result = studyOf(fashionTable({ space: fashionMobile, blockLatencyMs, fixedMs: 1 }), 2);
});

const of = (rule: TreatmentResult['rule'], ratio: number): TreatmentResult => {
  const found = result.treatments.find((each) => each.rule === rule && each.ratio === ratio);
  if (found === undefined) throw new Error(treatmentName({ rule, ratio }));
  return found;
};

describe('a table studied', () => {
  it('has every treatment, with what it leaves', () => {
    expect(result.treatments).toHaveLength(TREATMENTS.length);
    expect(of(null, 0).floor).toEqual({ networks: 19_683, frontKept: 1, gd: 0, igdPlus: 0 });
    expect(of('random', 0.7).floor.networks).toBe(9 ** 3);
    expect(of('latency', 0.9).floor.networks).toBe(3 ** 3);
    expect(of('block effect, table', 0.5).floor.frontKept).toBeGreaterThan(of('random', 0.5).floor.frontKept);
  });

  it('comes nearer to the front with every column, never below what is left', () => {
    for (const { rule, floor, columns } of result.treatments) {
      const distances = columns.map(({ igdPlus }) => igdPlus.mean);
      expect(distances).toEqual([...distances].sort((a, b) => b - a));
      // Networks that were paid for may lie outside of what is kept.
      if (rule !== 'block effect, 135 paid')
        expect(distances.at(-1)).toBeGreaterThanOrEqual(floor.igdPlus - 1e-12);
    }
  });

  it('counts networks that were paid for: until the sample is through, ratios do not differ', () => {
    const [half, most] = [0.5, 0.9].map((ratio) => of('block effect, 135 paid', ratio).columns[0]);
    expect(half).toEqual(most);
    expect(of('block effect, 135', 0.5).columns[0]).not.toEqual(of('block effect, 135', 0.9).columns[0]);
  });

  it('is told in the form of the paper', () => {
    const report = reportOf([{ ...result, advice: [] }], 2, 'npm run bench -- reproduce second-paper');
    expect(report).toContain('## fashion-mobile on given');
    expect(report).toContain('| rule | pruned | 10 | 100 | 250 | 500 | 1000 | 2000 | 3000 | floor |');
    expect(report).not.toMatch(/NaN|undefined/);
  });
});
