'use client';

import { useState } from 'react';
import type { SearchChoicesQuery } from '@/graphql/generated/documents';
import { plural } from './quantity';

type Sampler = SearchChoicesQuery['samplers'][number];

export interface EarlierRun {
  readonly id: string;
  readonly words: string;
  readonly evaluations: number;
  readonly profile: string;
  readonly source: string;
}

interface WarmStartFieldsProps {
  sampler: Sampler;
  /** Of the same space, profile and source. */
  runs: readonly EarlierRun[];
  prunedByEvaluations: number;
}

/** What the search begins with: an earlier run, and the front that what is known predicts. */
export function WarmStartFields({ sampler, runs, prunedByEvaluations }: WarmStartFieldsProps) {
  const [run, setRun] = useState('');
  const earlier = runs.find(({ id }) => id === run);
  const known = prunedByEvaluations + (earlier?.evaluations ?? 0);
  if (runs.length === 0 && prunedByEvaluations === 0) return null;
  return (
    <section>
      <h2 className="mb-4 text-lg">What it begins with</h2>
      {runs.length > 0 ? (
        <label className="grid max-w-[68ch] gap-1">
          <span className="text-sm text-muted">
            An earlier run over this space, on the same latencies and accuracies
          </span>
          <select
            name="earlierRun"
            className="field"
            value={earlier ? run : ''}
            onChange={(event) => setRun(event.target.value)}
          >
            <option value="">none</option>
            {runs.map(({ id, words }) => (
              <option key={id} value={id}>
                {words}
              </option>
            ))}
          </select>
          <span className="text-sm text-muted">
            {earlier
              ? `The sampler learns its ${plural(earlier.evaluations, 'evaluation')}; they do not count in this run.`
              : 'What an earlier run has evaluated is learnt, and does not count in this run.'}
          </span>
        </label>
      ) : null}
      {sampler.takesPredictedFront && known > 0 ? (
        <label className="mt-5 grid max-w-[68ch] gap-1">
          <span className="text-sm text-muted">
            The front that the profile and the effects of {plural(known, 'known evaluation')} predict
          </span>
          <select name="predictedFront" className="field" defaultValue="">
            <option value="">
              {prunedByEvaluations > 0 ? 'evaluated first, as usual' : 'not evaluated first, as usual'}
            </option>
            <option value="yes">evaluated first</option>
            <option value="no">not evaluated first</option>
          </select>
        </label>
      ) : null}
    </section>
  );
}
