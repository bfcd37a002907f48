import type { Convergence } from '@espalier/nas/search';
import { holmAdjusted, mannWhitney } from '@espalier/nas/stats';
import { setImmediate as nextTick } from 'node:timers/promises';
import { INDICATORS, valuesAt } from './bands.js';
import type { StoredTest } from './entities.js';

/** A group's runs, each with its convergence at the checkpoints that it reached. */
export interface Curves {
  readonly label: string;
  readonly runs: readonly (readonly Convergence[])[];
}

/**
 * Each group against the baseline by Mann–Whitney, for every indicator and checkpoint, corrected by Holm over the groups
 * that could be tested there. By label.
 */
export async function testsAgainst(
  baseline: Curves,
  others: readonly Curves[],
  checkpoints: readonly number[],
): Promise<Map<string, StoredTest[]>> {
  const tests = new Map<string, StoredTest[]>(others.map(({ label }) => [label, []]));
  for (const { indicator, of } of INDICATORS)
    for (const [at, evaluations] of checkpoints.entries()) {
      const own = valuesAt(baseline.runs, at, of);
      const found = others.map(({ runs }) => mannWhitney(valuesAt(runs, at, of), own));
      await nextTick();
      const adjusted = holmAdjusted(found.map(({ pValue }) => pValue));
      for (const [i, { pValue, cliffsDelta, magnitude }] of found.entries()) {
        if (Number.isNaN(pValue)) continue;
        const { label } = others[i] ?? baseline;
        tests.get(label)?.push({
          indicator,
          evaluations,
          pValue,
          adjustedPValue: adjusted[i] ?? 1,
          cliffsDelta,
          magnitude: MAGNITUDES[magnitude],
        });
      }
    }
  return tests;
}

const MAGNITUDES = { negligible: 'NEGLIGIBLE', small: 'SMALL', medium: 'MEDIUM', large: 'LARGE' } as const;
