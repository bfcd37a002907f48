import type { ReactNode } from 'react';

export interface KeyFigure {
  name: string;
  value: ReactNode;
  unit?: string;
  note?: string;
}

/** A few numbers that say how a thing stands. */
export function KeyFigures({ figures }: { figures: KeyFigure[] }) {
  return (
    <dl className="mb-8 flex flex-wrap gap-x-10 gap-y-5">
      {figures.map(({ name, value, unit, note }) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="mt-1 text-lg font-semibold">
            {value}
            {unit ? <span className="unit">{unit}</span> : null}
          </dd>
          {note ? <dd className="text-xs text-muted">{note}</dd> : null}
        </div>
      ))}
    </dl>
  );
}
