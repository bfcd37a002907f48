import {
  adviseRules,
  chooseRatio,
  lostFront,
  prune,
  rankingTrust,
  type RuleSettings,
} from '@espalier/nas/prune';
import type { Evaluated } from '@espalier/nas/search';
import { encodingIndex, enumerateEncodings, sampleEncoding } from '@espalier/nas/space';
import { createRandom, median } from '@espalier/nas/stats';
import { fashionTables } from './fashion-tables.js';
import type { Figure } from './figure.js';
import { tableName, type TabulatedSpace } from './tabulated.js';

const DRAWS = 6;
const PILOT = 135;
const EFFICIENCY: RuleSettings = { rule: 'EFFICIENCY', ratio: 0.7 };
const BLOCK_EFFECT: RuleSettings = { rule: 'BLOCK_EFFECT', ratio: 0.7 };

/**
 * What is advised before a search, and what came true in the whole table; for each Fashion table medians over six draws of 135
 * random networks: `advice.agreement` of either rule with being hard to dominate, how many draws trust it (`advice.trusted`), the
 * ratio chosen for block effect with the loss that was expected (`ratio.expected`) and the real one (`ratio.real`, IGD⁺ normalised
 * by the true front, beside that of 90 %), and the agreement of effects expected by `rankingTrust`.
 */
export function measureAdvice(tables: readonly TabulatedSpace[] = fashionTables()): Figure[] {
  return tables.flatMap((tabulated) => {
    const all = networksOf(tabulated);
    const front = new Set(tabulated.front.map((point) => point.join()));
    const frontNetworks = all.filter(({ error, latencyMs }) => front.has([error, latencyMs].join()));
    const found = Array.from({ length: DRAWS }, (_, seed) =>
      adviceFrom(tabulated, all, frontNetworks, seed + 1),
    );
    const row = (name: string, unit: string, of: (each: (typeof found)[number]) => number): Figure => ({
      name: `${name}/${tableName(tabulated)}`,
      value: median(found.map(of)),
      unit,
      peer: null,
      ratio: null,
      n: DRAWS,
    });
    const trusted = (rule: number): number =>
      found.filter(({ verdicts }) => verdicts[rule] === 'TRUST').length;
    return [
      row('advice.agreement.efficiency', 'ρ', ({ agreements }) => agreements[0] ?? NaN),
      row('advice.trusted.efficiency', 'draws', () => trusted(0)),
      row('advice.agreement.blockEffect', 'ρ', ({ agreements }) => agreements[1] ?? NaN),
      row('advice.trusted.blockEffect', 'draws', () => trusted(1)),
      row('advice.ranking.expected', 'ρ', ({ expectedRanking }) => expectedRanking),
      row('ratio.chosen', '', ({ ratio }) => ratio),
      row('ratio.expected', 'IGD⁺', ({ expectedLoss }) => expectedLoss),
      row('ratio.real', 'IGD⁺', ({ realLoss }) => realLoss),
      row('ratio.real.at90', 'IGD⁺', ({ lossAt90 }) => lossAt90),
    ];
  });
}

function adviceFrom(
  { space, params, blockLatencyMs }: TabulatedSpace,
  all: readonly Evaluated[],
  front: readonly Evaluated[],
  seed: number,
): {
  readonly agreements: readonly number[];
  readonly verdicts: readonly string[];
  readonly expectedRanking: number;
  readonly ratio: number;
  readonly expectedLoss: number;
  readonly realLoss: number;
  readonly lossAt90: number;
} {
  const random = createRandom(seed);
  const evaluated = Array.from(
    { length: PILOT },
    () => all[encodingIndex(space, sampleEncoding(space, random))],
  ).filter((each) => each !== undefined);
  const evidence = { params, latencyMs: blockLatencyMs, evaluated };
  const { rules } = adviseRules(space, evidence, [EFFICIENCY, BLOCK_EFFECT]);
  const { ratio, considered } = chooseRatio(space, BLOCK_EFFECT, evidence);
  const lossAt = (at: number): number =>
    lostFront(front, prune(space, { rule: 'BLOCK_EFFECT', ratio: at }, evidence).kept, all).igdPlus ?? NaN;
  return {
    agreements: rules.map(({ nonDomination }) => nonDomination?.value ?? NaN),
    verdicts: rules.map(({ verdict }) => verdict),
    expectedRanking: rankingTrust(space, evidence, { ratio: 0.7 }).rankAgreement,
    ratio,
    expectedLoss: considered.find((each) => each.ratio === ratio)?.expectedLoss ?? NaN,
    realLoss: lossAt(ratio),
    lossAt90: lossAt(0.9),
  };
}

function networksOf({ space, table }: TabulatedSpace): readonly Evaluated[] {
  return [...enumerateEncodings(space)].map((encoding, i) => ({
    encoding,
    error: table.error[i] ?? NaN,
    latencyMs: table.latencyMs[i] ?? NaN,
  }));
}
