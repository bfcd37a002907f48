import { adviseRules, type RuleAdvice, type RuleSettings } from '@espalier/nas/prune';
import { mean } from '@espalier/nas/stats';
import type { TabulatedSpace } from '../../science/tabulated.js';
import { sampleOf } from './effects.js';
import type { Rule } from './treatments.js';

/** Networks of a pilot: few, and as many as effects are estimated from. */
const PILOTS = [40, 135] as const;

/** Pilots of each size, others than the samples that searches are pruned by. */
const DRAWS = 5;

/** What is asked for, and the treatment that tells what became of it. */
const CANDIDATES: readonly (readonly [settings: RuleSettings, rule: Rule])[] = [
  [{ rule: 'EFFICIENCY', ratio: 0.7 }, 'params/latency'],
  [{ rule: 'BLOCK_EFFECT', ratio: 0.7 }, 'block effect, 135'],
];

/** What pilots say of a rule beforehand. */
export interface AdviceResult {
  readonly rule: Rule;
  readonly pilotSize: number;
  /** Spearman of the rule's score with accuracy and with non-domination in a pilot: mean, and the least and largest seen. */
  readonly accuracy: Range;
  readonly nonDomination: Range;
  /** How many of the pilots said what. */
  readonly verdicts: Readonly<Partial<Record<RuleAdvice['verdict'], number>>>;
  readonly recommended: number;
  readonly pilots: number;
}

export interface Range {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Asks several pilots which rule to trust. */
export function adviceOn(tabulated: TabulatedSpace): readonly AdviceResult[] {
  return PILOTS.flatMap((pilotSize) => {
    const said = Array.from({ length: DRAWS }, (_, draw) =>
      adviseRules(
        tabulated.space,
        {
          params: tabulated.params,
          latencyMs: tabulated.blockLatencyMs,
          evaluated: sampleOf(tabulated, 500_000 + draw, pilotSize),
        },
        CANDIDATES.map(([settings]) => settings),
      ),
    );
    return CANDIDATES.map(([settings, rule], at): AdviceResult => {
      const own = said.flatMap(({ rules }) => rules[at] ?? []);
      const verdicts: Partial<Record<RuleAdvice['verdict'], number>> = {};
      for (const { verdict } of own) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      return {
        rule,
        pilotSize,
        accuracy: rangeOf(own.map(({ accuracy }) => accuracy?.value ?? NaN)),
        nonDomination: rangeOf(own.map(({ nonDomination }) => nonDomination?.value ?? NaN)),
        verdicts,
        recommended: said.filter(({ recommended }) => recommended?.rule === settings.rule).length,
        pilots: said.length,
      };
    });
  });
}

function rangeOf(values: readonly number[]): Range {
  return { mean: mean(values), low: Math.min(...values), high: Math.max(...values) };
}
