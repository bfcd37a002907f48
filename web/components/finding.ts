/** What a comparison found, in the parts of a headline. */
export interface Finding {
  before: string;
  emphasis: string;
  after: string;
}

interface FindingGroup {
  label: string;
  rule: string | null;
  speedup: number | null;
  /** 95 %; null in comparisons from before it was computed. */
  speedupInterval: { low: number | null; high: number | null } | null;
}

/**
 * The finding in one sentence, also when pruning did not pay or that is open; null when no group was pruned. A speed-up is
 * stated only where its interval lies above 1.
 */
export function findingOf(comparison: {
  baseline: string | null;
  targetEvaluations: number;
  groups: readonly FindingGroup[];
}): Finding | null {
  const pruned = comparison.groups.filter(
    (group) => group.rule !== null && group.label !== comparison.baseline,
  );
  if (pruned.length === 0) return null;
  const target = `what the unpruned search has after ${comparison.targetEvaluations.toLocaleString('en-US')} evaluations`;
  const fastest = pruned.reduce((best, group) => ((group.speedup ?? 0) > (best.speedup ?? 0) ? group : best));
  const missed = pruned.filter((group) => group.speedup === null);
  const rest =
    missed.length > 0 ? `; ${missed.length} of ${pruned.length} pruned spaces never get there.` : '.';
  if (fastest.speedup === null)
    return {
      before: '',
      emphasis: 'No pruned space reaches',
      after: ` ${target}: pruning did not pay here.`,
    };
  const interval = fastest.speedupInterval;
  if (fastest.speedup < 1.05 || (interval?.high ?? Infinity) < 1)
    return {
      before: `${sentence(fastest.label)} reaches ${target} `,
      emphasis: 'no sooner',
      after: `${rest}`,
    };
  if (interval && (interval.low ?? 0) <= 1)
    return {
      before: `Whether ${fastest.label} reaches ${target} sooner `,
      emphasis: 'is open',
      after: `: ${fastest.speedup.toFixed(1)}× fewer evaluations, but 1 is within the 95 % interval.`,
    };
  return {
    before: `${sentence(fastest.label)} reaches ${target} with `,
    emphasis: `${fastest.speedup.toFixed(1)}× fewer evaluations`,
    after: rest,
  };
}

/** The label as the subject of a sentence; one with a comma in it is closed by another. */
function sentence(label: string): string {
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}${label.includes(',') ? ',' : ''}`;
}
