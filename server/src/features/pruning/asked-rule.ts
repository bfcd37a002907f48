import type { RuleSettings } from '@espalier/nas/prune';
import { parseKept, positionsOf, SpaceError, type KeptChoices, type SearchSpace } from '@espalier/nas/space';
import type { PruningInput, PruningPart } from '../../graphql/generated/resolvers.js';
import { checkedCount, checkedInteger, checkedNumber, checkedSeed } from '../../graphql/input-checks.js';
import { badInput, EspalierError } from '../../platform/errors.js';

/** A rule of one's own, as the input asks for it: a ratio that is null is to be chosen. */
export type SimpleRule =
  | {
      readonly rule: 'EFFICIENCY';
      readonly ratio: number | null;
      readonly scope: 'LAYER' | 'SHARED' | 'GLOBAL';
    }
  | { readonly rule: 'BLOCK_EFFECT'; readonly ratio: number | null }
  | {
      readonly rule: 'BASE_NETWORK_COST';
      readonly lambda: number;
      readonly cells?: number;
      readonly ratio?: number | null;
    }
  | Extract<RuleSettings, { rule: 'EFFECT_OUTLIERS' | 'RANDOM' | 'MANUAL' }>;

export type AskedRule =
  SimpleRule | { readonly rule: 'INTERSECTION' | 'UNION'; readonly of: readonly SimpleRule[] };

/** A rule whose ratio is to be chosen. */
export type OpenRule = Extract<
  SimpleRule,
  { readonly rule: 'EFFICIENCY' | 'BLOCK_EFFECT' | 'BASE_NETWORK_COST' }
>;

export const isOpen = (rule: AskedRule): rule is OpenRule => 'ratio' in rule && rule.ratio === null;

const MOST_PARTS = 5;

/** Reads the rule of an input whose path in the request is `at`. BAD_INPUT or PRUNING_EMPTY, with the path of what is wrong. */
export function askedRule(space: SearchSpace, input: PruningInput, at: string): AskedRule {
  const seed = checkedSeed(`${at}.seed`, input.seed ?? 0);
  if (input.rule !== 'INTERSECTION' && input.rule !== 'UNION') {
    if (input.of != null) throw badInput(`${at}.of`, `Only INTERSECTION and UNION are made of other rules.`);
    return simpleRule(space, input, seed, at);
  }
  for (const field of OWN_OF_SIMPLE_RULES)
    if (input[field] != null)
      throw badInput(`${at}.${field}`, `${input.rule} takes no ${field}: give it to the rules in \`of\`.`);
  const parts = checkedCount(`${at}.of`, input.of ?? [], 2, MOST_PARTS);
  return {
    rule: input.rule,
    of: parts.map((part, i) => simpleRule(space, part, seed, `${at}.of.${i}`)),
  };
}

const OWN_OF_SIMPLE_RULES = ['ratio', 'scope', 'lambda', 'cells', 'depthFactor', 'kept'] as const;

function simpleRule(
  space: SearchSpace,
  input: PruningPart | PruningInput,
  seed: number,
  at: string,
): SimpleRule {
  switch (input.rule) {
    case 'EFFICIENCY':
      return { rule: 'EFFICIENCY', ratio: optionalRatio(input.ratio, at), scope: input.scope ?? 'LAYER' };
    case 'BLOCK_EFFECT':
      return { rule: 'BLOCK_EFFECT', ratio: optionalRatio(input.ratio, at) };
    case 'EFFECT_OUTLIERS': {
      const { depthFactor } = input;
      return {
        rule: 'EFFECT_OUTLIERS',
        ...(depthFactor != null && {
          depthFactor: checkedNumber(`${at}.depthFactor`, depthFactor, 1, MOST_TIMES),
        }),
      };
    }
    case 'BASE_NETWORK_COST':
      return baseNetworkCost(space, input, at);
    case 'RANDOM': {
      const ratio = optionalRatio(input.ratio, at);
      if (ratio === null) throw badInput(`${at}.ratio`, 'RANDOM needs a ratio.');
      return { rule: 'RANDOM', ratio, seed: checkedSeed(`${at}.seed`, input.seed ?? seed) };
    }
    case 'MANUAL':
      return { rule: 'MANUAL', kept: keptByHand(space, input.kept, `${at}.kept`) };
    case 'INTERSECTION':
    case 'UNION':
      throw badInput(`${at}.rule`, 'INTERSECTION and UNION are made of other rules, not of each other.');
  }
}

/** Far beyond every λ, depth factor or latency that means something. */
const MOST_TIMES = 1e6;

/** λ of the released code (Zeng et al. 2020), for latencies in milliseconds. */
const PUBLISHED_LAMBDA = 0.01;

function baseNetworkCost(
  space: SearchSpace,
  { lambda, cells, ratio }: PruningPart | PruningInput,
  at: string,
): SimpleRule {
  if (cells != null && ratio != null)
    throw badInput(`${at}.cells`, 'Give cells or a ratio, not both: each says how much stays.');
  const cost = {
    rule: 'BASE_NETWORK_COST',
    lambda: checkedNumber(`${at}.lambda`, lambda ?? PUBLISHED_LAMBDA, 0, MOST_TIMES),
  } as const;
  if (cells == null) return { ...cost, ratio: optionalRatio(ratio, at) };
  const most = positionsOf(space).reduce((sum, { choices }) => sum + choices.length, 0);
  return { ...cost, cells: checkedInteger(`${at}.cells`, cells, 1, most) };
}

function optionalRatio(ratio: number | null | undefined, at: string): number | null {
  if (ratio == null) return null;
  if (!(ratio >= 0 && ratio < 1))
    throw badInput(`${at}.ratio`, `ratio is ${ratio}; expected at least 0 and below 1.`);
  return ratio;
}

function keptByHand(space: SearchSpace, kept: PruningInput['kept'], field: string): KeptChoices {
  if (!kept) throw badInput(field, 'MANUAL needs the kept choices.');
  const layers = positionsOf(space);
  if (kept.length !== layers.length)
    throw badInput(field, `${field} has ${kept.length} lists; the space has ${layers.length} layers.`);
  const empty = kept.findIndex((choices) => choices.length === 0);
  if (empty >= 0)
    throw new EspalierError('PRUNING_EMPTY', `Layer ${empty} would be left without a choice.`, {
      field: `${field}.${empty}`,
    });
  try {
    return parseKept(
      space,
      kept.map((choices) => [...new Set(choices)].sort((a, b) => a - b)),
    );
  } catch (error) {
    if (error instanceof SpaceError) throw badInput(field, error.message);
    throw error;
  }
}
