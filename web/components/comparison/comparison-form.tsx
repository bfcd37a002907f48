'use client';

import { useActionState, useState } from 'react';
import { compare } from '@/app/actions/comparisons';
import { formatCount, plural } from '../quantity';
import type { SuggestedGroup } from './suggested-groups';

interface ComparisonFormProps {
  name: string;
  groups: readonly SuggestedGroup[];
}

/** Which runs, in which groups, against which baseline. */
export function ComparisonForm({ name, groups }: ComparisonFormProps) {
  const [failure, submit, pending] = useActionState(compare, null);
  const [evaluations, setEvaluations] = useState(() => shortest(groups[0]));
  return (
    <form action={submit} className="grid grid-cols-1 gap-8">
      <label className="grid max-w-[68ch] gap-1">
        <span className="text-sm text-muted">Name</span>
        <input name="name" className="field" defaultValue={name} maxLength={200} required />
      </label>
      <input type="hidden" name="groups" value={groups.length} />
      <div className="grid grid-cols-1 gap-6">
        {groups.map((group, i) => (
          <GroupFields
            key={group.label}
            group={group}
            place={i}
            onBaseline={() => setEvaluations(shortest(group))}
          />
        ))}
      </div>
      <div className="grid max-w-[68ch] gap-4 sm:grid-cols-2">
        <label className="grid gap-1">
          <span className="text-sm text-muted">Target: what the baseline has after</span>
          <input
            key={evaluations}
            name="target"
            type="number"
            className="field"
            min={1}
            max={1_000_000}
            defaultValue={Math.min(2000, evaluations)}
            required
          />
        </label>
        <label className="grid gap-1">
          <span className="text-sm text-muted">Unit of the distances</span>
          <select name="normalisation" className="field">
            <option value="REFERENCE_FRONT">range of the reference front</option>
            <option value="SPACE_RANGE">range of the whole space</option>
          </select>
        </label>
      </div>
      <label className="flex items-center gap-3">
        <input type="checkbox" name="public" className="accent-(--leaf)" />
        <span>
          Show it to everybody <span className="text-muted">with its runs and what they stand on</span>
        </span>
      </label>
      <div className="flex flex-wrap items-center gap-4">
        <button type="submit" className="button" disabled={pending}>
          Compare
        </button>
        {failure ? (
          <p role="alert" className="text-sm text-danger">
            {failure.message}
          </p>
        ) : null}
      </div>
    </form>
  );
}

function GroupFields({
  group: { label, runs, isBaseline },
  place,
  onBaseline,
}: {
  group: SuggestedGroup;
  place: number;
  onBaseline: () => void;
}) {
  const [chosen, setChosen] = useState(() => new Set(runs.map(({ id }) => id)));
  const all = chosen.size === runs.length;
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <fieldset className="min-w-0 border-t border-hairline pt-5">
      <legend className="sr-only">{label}</legend>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <label className="grid w-full max-w-[48ch] gap-1">
          <span className="text-sm text-muted">Group</span>
          <input
            name={`label-${place}`}
            className="field"
            defaultValue={label}
            maxLength={60}
            required={chosen.size > 0}
          />
        </label>
        <label className="flex min-h-10 items-center gap-2">
          <input
            type="radio"
            name="baseline"
            value={place}
            defaultChecked={isBaseline}
            onChange={onBaseline}
            className="accent-(--leaf)"
          />
          baseline
        </label>
        <button
          type="button"
          className="button button-quiet"
          onClick={() => setChosen(new Set(all ? [] : runs.map(({ id }) => id)))}
        >
          {all ? 'Leave out' : 'Take all'}
        </button>
        <span className="min-h-10 content-center text-sm text-muted">
          {chosen.size} of {plural(runs.length, 'run')}
        </span>
      </div>
      <ul className="mt-4 flex flex-wrap gap-x-5 gap-y-1">
        {runs.map((run) => (
          <li key={run.id}>
            <label className="flex min-h-8 items-center gap-2 text-sm">
              <input
                type="checkbox"
                name={`run-${place}`}
                value={run.id}
                checked={chosen.has(run.id)}
                onChange={() => toggle(run.id)}
                className="accent-(--leaf)"
              />
              seed {run.seed}
              <span className="text-muted">{formatCount(run.evaluations)}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

const shortest = (group: SuggestedGroup | undefined): number =>
  Math.max(1, Math.min(...(group?.runs ?? []).map((run) => run.evaluations)));
