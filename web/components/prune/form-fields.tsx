import type { ReactNode } from 'react';

export interface NamedSource {
  id: string;
  name: string;
}

interface SliderProps {
  label: string;
  value: number;
  min?: number;
  max: number;
  /** The value as it is said. */
  text: string;
  /** What the ends stand for. */
  ends?: readonly [string, string];
  onChange: (value: number) => void;
}

/** A range with the value said beside it. */
export function Slider({ label, value, min = 0, max, text, ends, onChange }: SliderProps) {
  return (
    <label className="grid gap-1">
      <span className="flex items-baseline justify-between gap-3 text-sm text-muted">
        {label} <span className="font-semibold text-ink">{text}</span>
      </span>
      <input
        type="range"
        className="slider"
        min={min}
        max={max}
        step={1}
        value={value}
        aria-valuetext={text}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      {ends ? (
        <span className="flex justify-between text-xs text-muted" aria-hidden="true">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </span>
      ) : null}
    </label>
  );
}

/** A whole number that is typed. */
export function Whole({
  label,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  return (
    <Labelled label={label}>
      <input
        type="number"
        className="field"
        min={min}
        max={max}
        step={1}
        defaultValue={value}
        onChange={(event) => {
          const next = event.target.valueAsNumber;
          // A number that is still being typed is not asked for.
          if (Number.isInteger(next) && next >= min && next <= max) onChange(next);
        }}
      />
    </Labelled>
  );
}

/** One of several things by id; the first is the default. */
export function Choose({
  label,
  value,
  options,
  none,
  onChange,
}: {
  label: string;
  value: string | null;
  options: readonly NamedSource[];
  none: string;
  onChange: (id: string | null) => void;
}) {
  return (
    <Labelled label={label}>
      <select
        className="field"
        value={value ?? options[0]?.id ?? ''}
        disabled={options.length === 0}
        onChange={(event) => onChange(event.target.value || null)}
      >
        {options.length === 0 ? <option value="">{none}</option> : null}
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

export function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="grid gap-1">
      <span className="text-sm text-muted">{label}</span>
      {children}
    </label>
  );
}
