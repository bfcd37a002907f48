import type { ComparableRunsQuery } from '@/graphql/generated/documents';
import { ruleNames } from '../rule-name';
import { samplerNames } from '../sampler-words';

export type ComparableRun = ComparableRunsQuery['searchRuns']['nodes'][number];

/** Runs that may be held against each other: one space, target and task. */
export interface Subject {
  key: string;
  name: string;
  runs: ComparableRun[];
}

export interface SuggestedGroup {
  label: string;
  isBaseline: boolean;
  runs: ComparableRun[];
}

/** What can be compared, the subject with the newest run first. */
export function subjectsOf(runs: readonly ComparableRun[]): Subject[] {
  const subjects = new Map<string, Subject>();
  for (const run of runs) {
    // What was searched within limits is a part of the front.
    if (run.status !== 'SUCCEEDED' || run.limits !== null) continue;
    const { space } = run.spaceVersion;
    const { target } = run.deviceProfile;
    const { task } = run.accuracySource;
    const key = [space.id, target.fingerprint, task.id].join(' ');
    const subject = subjects.get(key) ?? {
      key,
      name: `${space.name} on ${target.name}, ${task.name}`,
      runs: [],
    };
    subjects.set(key, subject);
    subject.runs.push(run);
  }
  return [...subjects.values()];
}

/**
 * Runs of the same treatment and sampler together: versions that one rule pruned by one ratio count as one treatment, because
 * chance in a rule gives each seed a version of its own. Unpruned first, and of those the default sampler: the baseline.
 */
export function suggestedGroups(runs: readonly ComparableRun[]): SuggestedGroup[] {
  const byTreatment = new Map<string, ComparableRun[]>();
  for (const run of runs) {
    const key = `${treatment(run)} ${run.sampler}`;
    byTreatment.set(key, [...(byTreatment.get(key) ?? []), run]);
  }
  const samplers = new Set(runs.map((run) => run.sampler));
  const groups = [...byTreatment.values()].map((of) => ({
    label: labelOf(of, samplers.size > 1),
    runs: of.toSorted((a, b) => a.seed - b.seed),
  }));
  const plainness = ({ runs: [first] }: { runs: ComparableRun[] }): number =>
    2 * Number(first?.spaceVersion.pruning === null) + Number(first?.sampler === 'REGULARIZED_EVOLUTION');
  const sorted = groups.toSorted((a, b) => plainness(b) - plainness(a));
  return sorted.map((group, i) => ({ ...group, label: distinct(sorted, i), isBaseline: i === 0 }));
}

function treatment({ spaceVersion: { id, pruning } }: ComparableRun): string {
  if (!pruning) return 'unpruned';
  return pruning.ratio === null ? id : `${pruning.rule} ${pruning.ratio}`;
}

function labelOf(runs: readonly ComparableRun[], namesSampler: boolean): string {
  const [first] = runs;
  if (!first) return '';
  const { pruning, label } = first.spaceVersion;
  const what = !pruning
    ? 'unpruned'
    : pruning.ratio === null
      ? label
      : `${ruleNames[pruning.rule].split(',')[0] ?? ''} ${Math.round(pruning.ratio * 100)} %`;
  return (namesSampler ? `${what}, ${samplerNames[first.sampler]}` : what).slice(0, 60);
}

/** Two groups never have one label. */
function distinct(groups: readonly { label: string }[], at: number): string {
  const label = groups[at]?.label ?? '';
  const before = groups.slice(0, at).filter((each) => each.label === label).length;
  return before === 0 ? label : `${label.slice(0, 55)} (${before + 1})`;
}
