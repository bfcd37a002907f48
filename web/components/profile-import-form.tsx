'use client';

import { useActionState } from 'react';
import { importProfile } from '@/app/actions/profiles';

interface ProfileImportFormProps {
  spaces: readonly { version: string; name: string }[];
}

/** A table that was measured elsewhere: what of, what on, where it comes from, and all that is wrong with it. */
export function ProfileImportForm({ spaces }: ProfileImportFormProps) {
  const [failure, submit, pending] = useActionState(importProfile, null);
  return (
    <form action={submit} className="grid max-w-[80ch] gap-5">
      <label className="grid gap-1">
        <span className="text-sm text-muted">Space</span>
        <select name="version" className="field" required>
          {spaces.map(({ version, name }) => (
            <option key={version} value={version}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field name="processor" label="Processor" placeholder="Snapdragon 865" />
        <Field name="runtime" label="Runtime" placeholder="tflite 2.4" />
        <Field name="provider" label="Execution provider" initial="cpu" />
        <Field name="precision" label="Precision" initial="fp32" />
        <Field name="threads" label="Threads" initial="1" type="number" />
        <Field name="batch" label="Batch" initial="1" type="number" />
      </div>
      <Field name="source" label="Where the table comes from" placeholder="a paper, an address, a file" />
      <label className="grid gap-1">
        <span className="text-sm text-muted">Note</span>
        <textarea name="note" className="field" rows={2} maxLength={1000} />
      </label>
      <label className="grid gap-1">
        <span className="text-sm text-muted">A file, CSV or JSON, at most 4 MB</span>
        <input type="file" name="file" accept=".csv,.json" className="field" />
      </label>
      <label className="grid gap-1">
        <span className="text-sm text-muted">Or the table itself</span>
        <textarea
          name="content"
          className="field font-mono text-sm"
          rows={6}
          spellCheck={false}
          placeholder={'position,choice,latency_ms\nfixed,,0.25\nstage1,k3e1d1,0.31'}
        />
      </label>
      {failure ? (
        <div role="alert" className="text-sm text-danger">
          <p>{failure.message}</p>
          {failure.problems && failure.problems.length > 1 ? (
            <ul className="mt-2 grid gap-1">
              {failure.problems.slice(0, 50).map(({ row, column, message }, at) => (
                <li key={at}>
                  {row === null ? '' : `row ${row}, `}
                  {column === null ? '' : `${column}: `}
                  {message}
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      ) : null}
      <button type="submit" className="button justify-self-start" disabled={pending}>
        Import
      </button>
    </form>
  );
}

function Field({
  name,
  label,
  placeholder,
  initial,
  type = 'text',
}: {
  name: string;
  label: string;
  placeholder?: string;
  initial?: string;
  type?: string;
}) {
  return (
    <label className="grid gap-1">
      <span className="text-sm text-muted">{label}</span>
      <input
        name={name}
        type={type}
        min={type === 'number' ? 1 : undefined}
        required
        className="field"
        placeholder={placeholder}
        defaultValue={initial}
      />
    </label>
  );
}
