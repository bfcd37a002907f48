import type { ReactNode } from 'react';

/** Nothing here yet: says so and teaches the next step, with its exact command. */
export function EmptyState({
  title,
  command,
  children,
}: {
  title: string;
  command?: string;
  children: ReactNode;
}) {
  return (
    <section className="max-w-[68ch] border-l-2 border-leaf py-1 pl-5">
      <h2 className="text-lg">{title}</h2>
      <div className="mt-2 text-muted">{children}</div>
      {command ? (
        <code className="command mt-4" tabIndex={0}>
          {command}
        </code>
      ) : null}
    </section>
  );
}
