'use client';

import { useActionState, type ReactNode } from 'react';
import { changePool, type PoolAction } from '@/app/actions/pools';

const BEGINNING = { done: 0, failure: null };

/** A form that changes a pool or a device, with its button, and why it did not work. It is empty again once it worked. */
export function PoolForm({
  id,
  action,
  label,
  confirm,
  danger = false,
  children,
}: {
  id: string;
  action: PoolAction;
  label: string;
  /** Asked before it is done; for what cannot be taken back. */
  confirm?: string;
  danger?: boolean;
  children?: ReactNode;
}) {
  const [{ done, failure }, submit, pending] = useActionState(changePool, BEGINNING);
  return (
    <form
      key={done}
      action={submit}
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        if (confirm !== undefined && !window.confirm(confirm)) event.preventDefault();
      }}
    >
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="action" value={action} />
      {children}
      <button
        type="submit"
        className={`button button-quiet ${danger ? 'text-danger' : ''}`}
        disabled={pending}
      >
        {label}
      </button>
      {failure ? (
        <p role="alert" className="w-full text-sm text-danger">
          {failure.message} <span className="font-mono text-xs">{failure.code}</span>
        </p>
      ) : null}
    </form>
  );
}

/** A field with its name above it. */
export function Field({
  label,
  className = 'w-40',
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <label className={`block text-sm ${className}`}>
      <span className="mb-1 block text-xs text-muted">{label}</span>
      {children}
    </label>
  );
}
