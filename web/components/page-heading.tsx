import type { ReactNode } from 'react';

/** A page's one subject, and a line that places it. */
export function PageHeading({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-8">
      <h1 className="text-xl [overflow-wrap:anywhere]">{title}</h1>
      {children ? <div className="mt-2 max-w-[90ch] text-muted">{children}</div> : null}
    </div>
  );
}
