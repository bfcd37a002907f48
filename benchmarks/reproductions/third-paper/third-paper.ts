import { keepAll, positionsOf, type KeptChoices } from '@espalier/nas/space';
import { createRandom, mean, sampleWithoutReplacement, spearman } from '@espalier/nas/stats';
import type { Figure } from '../../science/figure.js';
import { MEASURED_TARGETS } from '../../science/latencies.js';
import { measuredFamilies, tabledFamilies } from './evaluated-families.js';
import { measuredLatencies, type MeasuredLatency } from './measured-latency.js';
import { selectFrom, summaries, type EvaluatedFamily, type Selected } from './selected-spaces.js';

/** What λ is tried at; the published studies used 0.001 to 1. */
const LAMBDAS = [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
/** Half of the smaller family's cells. */
const SIZE = 41;
const RANDOM_SPACES = 100;

/**
 * The claims of Zeng et al. 2020 on the two Fashion families, which share a skeleton: accuracies of all networks are known, latencies
 * are those recorded for the benchmarks, by target; and, where `parts` names a file, of base networks measured here, which it keeps
 * (docs/papers/third-paper.md).
 */
export async function reproduceThirdPaper({
  parts: file,
}: {
  readonly parts?: string | undefined;
}): Promise<Figure[]> {
  const tabled = MEASURED_TARGETS.flatMap((target) => selectionFigures(target, tabledFamilies(target)));
  if (file === undefined) {
    console.error('third-paper: nothing is measured without --parts FILE, so that tables are not compared');
    return tabled;
  }
  const measured = await measuredLatencies(file);
  const seeds = [...new Set(measured.map(({ seed }) => seed))].map((seed) =>
    measuredFamilies(measured.filter((each) => each.seed === seed)),
  );
  return [
    ...tabled,
    ...measured.flatMap(tableFigures),
    ...seeds.flatMap((families, at) => selectionFigures(`measured${String(at + 1)}`, families)),
    ...seeds.flatMap((families, at) =>
      agreementFigures(`measured${String(at + 1)}/recorded`, families, tabledFamilies('cpu-1t')),
    ),
  ];
}

/** How well each table predicts whole networks; the peer is the blocks run alone. */
function tableFigures({ space, seed, errors, unstable, drift, loadAverage }: MeasuredLatency): Figure[] {
  const name = `table/${space}/seed${String(seed)}`;
  const rows = Object.entries(errors).flatMap(([table, error]) =>
    error === null
      ? []
      : (['mape', 'within5', 'within10', 'kendallTau'] as const).map((part): Figure => ({
          name: `${name}/${table}/${part}`,
          value: error[part],
          unit: '',
          peer: errors.alone?.[part] ?? null,
          ratio: null,
          n: error.networks,
        })),
  );
  return [
    ...rows,
    plain(`${name}/unstable`, Math.max(...unstable), 'subjects'),
    plain(`${name}/drift`, Math.max(...drift.map((each) => each ?? NaN))),
    plain(`${name}/load`, Math.max(...loadAverage)),
  ];
}

function selectionFigures(name: string, families: readonly EvaluatedFamily[]): Figure[] {
  const chosen = LAMBDAS.map((lambda) => ({ lambda, selected: selectFrom(families, lambda, SIZE) }));
  const own = chosen.map(({ lambda, selected }) => summaries(selected.family, [selected.kept], lambda)[0]);
  const column = (of: 'accuracy' | 'latencyMs'): number[] => own.map((each) => each?.[of] ?? NaN);
  return [
    ...chosen.flatMap(({ lambda, selected }, at) => {
      const row = `${name}/lambda${String(lambda)}`;
      console.error(`${row}: ${described(selected)}`);
      return [
        plain(`${row}/networks`, own[at]?.networks ?? NaN),
        plain(`${row}/accuracy`, own[at]?.accuracy ?? NaN, '%'),
        plain(`${row}/latency`, own[at]?.latencyMs ?? NaN, 'ms'),
        ...baselineFigures(row, selected, lambda),
      ];
    }),
    plain(`${name}/tradeoff/latency`, spearman(LAMBDAS, column('latencyMs')), 'Spearman with λ'),
    plain(`${name}/tradeoff/accuracy`, spearman(LAMBDAS, column('accuracy')), 'Spearman with λ'),
    plain(`${name}/tradeoff/latency/rises`, rises(column('latencyMs'))),
    plain(`${name}/tradeoff/accuracy/rises`, rises(column('accuracy'))),
  ];
}

/** Mean cost over all networks of the selected space, of the baselines within its family, and how much of its front each holds. */
function baselineFigures(row: string, { family: of, kept }: Selected, lambda: number): Figure[] {
  const { space } = of;
  const positions = positionsOf(space);
  const first = positions.map(({ choices }) =>
    choices.map((_, choice) => choice).slice(0, Math.ceil(SIZE / positions.length)),
  );
  const random = createRandom(11);
  const drawn = Array.from({ length: RANDOM_SPACES }, () => randomSpace(kept, positions.map(({ choices }) => choices.length), random)); // prettier-ignore
  const [selected, whole, fixed, ...others] = summaries(of, [kept, keepAll(space), first, ...drawn], lambda);
  const cost = (of: string, value = NaN): Figure => ({
    ...plain(`${row}/cost/${of}`, value),
    peer: selected?.cost ?? null,
  });
  const share = (volume = NaN): number => volume / (whole?.hypervolume ?? NaN);
  return [
    cost('selected', selected?.cost),
    cost('whole', whole?.cost),
    cost('fixed', fixed?.cost),
    cost('random', mean(others.map((each) => each.cost))),
    plain(
      `${row}/cost/random-below`,
      others.filter((each) => each.cost < (selected?.cost ?? NaN)).length / others.length,
      'share',
    ),
    plain(`${row}/front/selected`, share(selected?.hypervolume), '× whole'),
    plain(`${row}/front/fixed`, share(fixed?.hypervolume), '× whole'),
    plain(`${row}/front/random`, mean(others.map(({ hypervolume }) => share(hypervolume))), '× whole'),
  ];
}

/** As many candidates in each layer, drawn. */
function randomSpace(
  kept: KeptChoices,
  widths: readonly number[],
  random: ReturnType<typeof createRandom>,
): KeptChoices {
  return kept.map((choices, at) =>
    sampleWithoutReplacement(
      Array.from({ length: widths[at] ?? 0 }, (_, choice) => choice),
      choices.length,
      random,
    ).sort((a, b) => a - b),
  );
}

/** How much of what is selected from one table is selected from another: common ÷ all candidates. */
function agreementFigures(
  name: string,
  one: readonly EvaluatedFamily[],
  two: readonly EvaluatedFamily[],
): Figure[] {
  return LAMBDAS.map((lambda) => {
    const [a, b] = [selectFrom(one, lambda, SIZE), selectFrom(two, lambda, SIZE)];
    const cells = ({ family: of, kept }: Selected): string[] =>
      kept.flatMap((choices, layer) =>
        choices.map((choice) => `${of.space.name} ${String(layer)} ${String(choice)}`),
      );
    const [left, right] = [cells(a), cells(b)];
    const common = left.filter((cell) => right.includes(cell)).length;
    return plain(
      `${name}/lambda${String(lambda)}/overlap`,
      common / (left.length + right.length - common),
      'share',
    );
  });
}

function described({ family: of, kept, counts }: Selected): string {
  const totals = Object.entries(counts).map(([name, count]) => `${name} ${String(count)}`);
  return `${of.space.name}, ${kept.map(({ length }) => String(length)).join(' ')} candidates; cells: ${totals.join(', ')}`;
}

function rises(values: readonly number[]): number {
  return values.filter((value, at) => at > 0 && value > (values[at - 1] ?? NaN) + 1e-12).length;
}

function plain(name: string, value: number, unit = ''): Figure {
  return { name, value, unit, peer: null, ratio: null, n: 1 };
}
