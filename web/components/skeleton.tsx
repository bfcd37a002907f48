/** Grey lines in the shape of what is coming, so that nothing jumps. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      <div className="skeleton h-9 w-72 max-w-full" />
      <div className="skeleton mt-3 h-5 w-[28rem] max-w-full" />
      <div className="mt-10">
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className="flex gap-6 border-t border-hairline py-4">
            <div className="skeleton h-5 flex-[3]" />
            <div className="skeleton h-5 flex-1" />
            <div className="skeleton h-5 flex-1" />
          </div>
        ))}
      </div>
    </div>
  );
}

export function ChartSkeleton() {
  return (
    <div role="status" aria-label="Loading the chart">
      <div className="skeleton h-6 w-96 max-w-full" />
      <div className="mt-4 h-[420px] border-b border-l border-hairline" />
    </div>
  );
}
