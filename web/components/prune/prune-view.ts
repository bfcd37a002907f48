import type { PruningInput, PruningPart, PruningRule, PruningScope } from '@/graphql/generated/documents';

/** What the pruning page shows; the address holds it. */
export interface PruneView {
  rule: PruningRule;
  /** Share of the choices to remove; null where the server is to choose. */
  ratio: number | null;
  scope: PruningScope;
  lambda: number;
  depthFactor: number;
  /** What INTERSECTION and UNION put together; they share the numbers above. */
  parts: PartRule[];
  /** Global ids; null for the default. */
  profile: string | null;
  source: string | null;
  evaluations: number;
  seed: number;
  /** Kept choices by layer, once somebody has chosen by hand. */
  kept: number[][] | null;
}

export const PART_RULES = ['BLOCK_EFFECT', 'EFFICIENCY', 'EFFECT_OUTLIERS', 'BASE_NETWORK_COST'] as const;
export type PartRule = (typeof PART_RULES)[number];

const RULES: readonly PruningRule[] = [...PART_RULES, 'RANDOM', 'INTERSECTION', 'UNION', 'MANUAL'];
const SCOPES: readonly PruningScope[] = ['LAYER', 'SHARED', 'GLOBAL'];

export const isCombination = (rule: PruningRule): boolean => rule === 'INTERSECTION' || rule === 'UNION';

/** Whether the rule, or one that it is made of, is `wanted`. */
export const uses = ({ rule, parts }: PruneView, wanted: PartRule | 'RANDOM'): boolean =>
  rule === wanted || (isCombination(rule) && (parts as string[]).includes(wanted));

export const takesRatio = (view: PruneView): boolean =>
  view.rule === 'RANDOM' ||
  (['BLOCK_EFFECT', 'EFFICIENCY', 'BASE_NETWORK_COST'] as const).some((rule) => uses(view, rule));

/** Whether evaluated networks are needed, be it to choose the ratio. */
export const needsAccuracy = (view: PruneView): boolean =>
  (['BLOCK_EFFECT', 'EFFECT_OUTLIERS', 'BASE_NETWORK_COST'] as const).some((rule) => uses(view, rule)) ||
  (uses(view, 'EFFICIENCY') && view.ratio === null);

export const initialView = (hasSource: boolean): PruneView => ({
  rule: hasSource ? 'BLOCK_EFFECT' : 'EFFICIENCY',
  ratio: 0.7,
  scope: 'LAYER',
  lambda: 0.01,
  depthFactor: 1.5,
  parts: ['BLOCK_EFFECT', 'EFFICIENCY'],
  profile: null,
  source: null,
  evaluations: 135,
  seed: 0,
  kept: null,
});

/** The view as the API is asked for it. */
export function pruningInput(view: PruneView, spaceVersionId: string): PruningInput {
  const { rule, parts, kept } = view;
  return {
    spaceVersionId,
    rule,
    seed: view.seed,
    evaluationCount: view.evaluations,
    deviceProfileId: view.profile,
    accuracySourceId: view.source,
    ...(isCombination(rule)
      ? { of: parts.map((part): PruningPart => ({ rule: part, ...numbersOf(view, part) })) }
      : numbersOf(view, rule)),
    ...(rule === 'MANUAL' && { kept }),
  };
}

function numbersOf(
  { ratio, scope, lambda, depthFactor }: PruneView,
  rule: PruningRule,
): Pick<PruningPart, 'ratio' | 'scope' | 'lambda' | 'depthFactor'> {
  switch (rule) {
    case 'EFFICIENCY':
      return { ratio, scope };
    case 'BASE_NETWORK_COST':
      return { ratio, lambda };
    case 'EFFECT_OUTLIERS':
      return { depthFactor };
    case 'BLOCK_EFFECT':
    case 'RANDOM':
      return { ratio };
    default:
      return {};
  }
}

/** Query of the address: what differs from the defaults. */
export function writePruneView(view: PruneView, usual: PruneView): string {
  const query = new URLSearchParams();
  const set = (name: keyof PruneView, text: string): void => {
    if (JSON.stringify(view[name]) !== JSON.stringify(usual[name])) query.set(name, text);
  };
  set('rule', view.rule);
  set('ratio', view.ratio === null ? 'auto' : String(view.ratio));
  set('scope', view.scope);
  set('lambda', String(view.lambda));
  set('depthFactor', String(view.depthFactor));
  set('parts', view.parts.join('.'));
  set('profile', view.profile ?? '');
  set('source', view.source ?? '');
  set('evaluations', String(view.evaluations));
  set('seed', String(view.seed));
  if (view.rule === 'MANUAL' && view.kept)
    query.set('kept', view.kept.map((layer) => layer.join('-')).join('.'));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Reads the address; what makes no sense in it is as if it were not there. */
export function readPruneView(
  query: Readonly<Record<string, string | string[] | undefined>>,
  usual: PruneView,
): PruneView {
  const text = (name: string): string | undefined => {
    const value = query[name];
    return typeof value === 'string' ? value : undefined;
  };
  const between = (name: string, low: number, high: number, otherwise: number): number => {
    const value = Number(text(name) || Number.NaN);
    return value >= low && value <= high ? value : otherwise;
  };
  const parts = PART_RULES.filter((rule) => text('parts')?.split('.').includes(rule));
  const rule = RULES.find((each) => each === text('rule')) ?? usual.rule;
  const kept = text('kept')
    ?.split('.')
    .map((layer) => layer.split('-').map(Number));
  const isKept = kept?.every((layer) => layer.every((choice) => Number.isInteger(choice) && choice >= 0));
  return {
    rule,
    ratio:
      text('ratio') === 'auto' && rule !== 'RANDOM' ? null : between('ratio', 0, 0.99, usual.ratio ?? 0.7),
    scope: SCOPES.find((each) => each === text('scope')) ?? usual.scope,
    lambda: between('lambda', 0, 1e6, usual.lambda),
    depthFactor: between('depthFactor', 1, 1e6, usual.depthFactor),
    parts: parts.length >= 2 ? parts : usual.parts,
    profile: text('profile') ?? usual.profile,
    source: text('source') ?? usual.source,
    evaluations: Math.round(between('evaluations', 20, 5000, usual.evaluations)),
    seed: Math.round(between('seed', 0, 2_147_483_647, usual.seed)),
    kept: isKept ? (kept ?? null) : null,
  };
}
