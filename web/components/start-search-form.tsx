'use client';

import { startTransition, useActionState, useId, useState } from 'react';
import { startSearch } from '@/app/actions/searches';
import type { SearchChoicesQuery } from '@/graphql/generated/documents';
import { formatSize, plural } from './quantity';
import { SamplerChoice } from './sampler-choice';
import { SamplerSettingFields } from './sampler-setting-fields';
import { WarmStartFields, type EarlierRun } from './warm-start-fields';

type Sampler = SearchChoicesQuery['samplers'][number];

interface StartSearchFormProps {
  version: { id: string; size: string; prunedByEvaluations: number };
  samplers: readonly Sampler[];
  profiles: readonly { id: string; words: string }[];
  sources: readonly { id: string; words: string; unit: string }[];
  runs: readonly EarlierRun[];
}

/** All that a search is told: what proposes, on which figures, how long, within what, beginning with what. */
export function StartSearchForm({ version, samplers, profiles, sources, runs }: StartSearchFormProps) {
  const [failure, submit, pending] = useActionState(startSearch, null);
  const [kind, setKind] = useState<Sampler['kind']>('REGULARIZED_EVOLUTION');
  const [profile, setProfile] = useState(profiles[0]?.id ?? '');
  const [source, setSource] = useState(sources[0]?.id ?? '');
  const sampler = samplers.find((each) => each.kind === kind);
  const unit = sources.find(({ id }) => id === source)?.unit ?? '%';
  return (
    <form
      className="grid gap-12"
      onSubmit={(event) => {
        // An action of its own would empty the fields, also when the API refuses.
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        startTransition(() => submit(form));
      }}
    >
      <input type="hidden" name="version" value={version.id} />
      <SamplerChoice samplers={samplers} chosen={kind} onChoose={setKind} />
      {sampler && sampler.settings.length > 0 ? (
        <SamplerSettingFields key={sampler.kind} sampler={sampler} />
      ) : null}
      <Part title="What it looks for">
        <div className="grid gap-4 sm:grid-cols-2">
          <Select
            name="profile"
            label="Latencies of"
            value={profile}
            onChange={setProfile}
            options={profiles}
          />
          <Select name="source" label="Accuracies of" value={source} onChange={setSource} options={sources} />
        </div>
        <p className="mt-6 max-w-[68ch] text-sm text-muted">
          Limits may stay empty.{' '}
          {sampler?.limits === 'STEERS'
            ? 'This sampler looks for networks within them'
            : 'This sampler proposes as without them'}
          ; only what keeps all of them counts as frontier.
        </p>
        <div className="mt-3 grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Numeric name="limit.latencyMs" label="Latency at most" unit="ms" />
          <Numeric name="limit.accuracy" label="Accuracy at least" unit={unit} />
          <Numeric name="limit.paramCount" label="Parameters at most" />
          <Numeric name="limit.macs" label="MACs at most" />
        </div>
      </Part>
      {sampler?.takesEarlierRun ? (
        <WarmStartFields
          sampler={sampler}
          runs={runs.filter((run) => run.profile === profile && run.source === source)}
          prunedByEvaluations={version.prunedByEvaluations}
        />
      ) : null}
      <Part title="How long">
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Numeric
            name="budget"
            label="Evaluations a run"
            fallback="3000"
            least={1}
            most={1_000_000}
            step="1"
          />
          <Numeric name="runs" label="Runs" fallback="1" least={1} most={100} step="1" />
          <Numeric name="seed" label="Seed of the first" fallback="0" least={0} step="1" />
        </div>
        {kind === 'EXHAUSTIVE' ? (
          <p className="mt-3 text-sm text-muted">
            The space has {formatSize(version.size)} networks: the evaluations have to reach that.
          </p>
        ) : null}
        {version.prunedByEvaluations > 0 ? (
          <p className="mt-3 text-sm text-muted">
            {plural(version.prunedByEvaluations, 'evaluation')} were spent on pruning and count.
          </p>
        ) : null}
      </Part>
      <div className="flex flex-wrap items-center gap-4">
        <button type="submit" className="button" disabled={pending}>
          {pending ? 'Starting' : 'Start the search'}
        </button>
        {failure ? (
          <p role="alert" className="max-w-[68ch] text-sm text-danger">
            {failure.message} <span className="font-mono text-xs">{failure.code}</span>
          </p>
        ) : null}
      </div>
    </form>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-4 text-lg">
        {title}
      </h2>
      {children}
    </section>
  );
}

interface SelectProps {
  name: string;
  label: string;
  value: string;
  onChange: (id: string) => void;
  options: readonly { id: string; words: string }[];
}

function Select({ name, label, value, onChange, options }: SelectProps) {
  return (
    <label className="grid gap-1">
      <span className="text-sm text-muted">{label}</span>
      <select
        name={name}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="field"
        required
      >
        {options.map(({ id, words }) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

interface NumericProps {
  name: string;
  label: string;
  unit?: string;
  fallback?: string;
  least?: number;
  most?: number;
  step?: string;
}

function Numeric({ name, label, unit, fallback, least = 0, most, step = 'any' }: NumericProps) {
  return (
    <label className="grid content-end gap-1">
      <span className="text-sm text-muted">
        {label}
        {unit ? `, ${unit}` : ''}
      </span>
      <input
        name={name}
        type="number"
        inputMode="decimal"
        min={least}
        max={most}
        step={step}
        defaultValue={fallback}
        className="field"
      />
    </label>
  );
}
