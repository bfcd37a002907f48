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
}

/** The finding in one sentence, also when pruning did not pay; null when no group was pruned. */
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
  if (fastest.speedup < 1.05)
    return {
      before: `${sentence(fastest.label)} reaches ${target} `,
      emphasis: 'no sooner',
      after: `${rest}`,
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
