import { ProfileError } from '../error.js';
import type { FusionRules } from './fusion.js';
import { familyOf, OPERATORS, type Kernel, type KernelFamily, type Operator } from './kernel.js';
import { parseKernel } from './parse-kernel.js';
import { fitPredictor, type KernelPredictor } from './predictor.js';
import { REGRESSOR_KINDS, type ChosenKind, type TimedKernel } from './regressor.js';

/**
 * A predictor as plain JSON of some kilobytes: its measurements and choices. The regressors are not in it, as they are the same
 * again when fitted to the same measurements, which takes milliseconds.
 */
export interface StoredPredictor {
  readonly version: 1;
  readonly rules: FusionRules;
  /** Kernel as a list of its fields in the order of `FIELDS`, operators joined by `+`, then its time in milliseconds. */
  readonly kernels: readonly (readonly (string | number)[])[];
  readonly families: Partial<Readonly<Record<KernelFamily, ChosenKind>>>;
}

const FIELDS = ['size', 'channelsIn', 'channelsOut', 'kernel', 'stride', 'groups', 'squeeze'] as const;
/** Far more than a campaign measures. */
const MOST_KERNELS = 100_000;

export function storePredictor({ rules, measured, regressors }: KernelPredictor): StoredPredictor {
  return {
    version: 1,
    rules,
    kernels: measured.map(({ kernel, ms }) => [
      kernel.operators.join('+'),
      ...FIELDS.map((field) => kernel[field]),
      ms,
    ]),
    families: Object.fromEntries(regressors.map(({ family, kind, errors }) => [family, { kind, errors }])),
  };
}

/** Reads an untrusted value back. Throws ProfileError PROFILE_BAD_SAMPLES, or PROFILE_BAD_SUBJECT for a kernel that is none. */
export function readPredictor(value: unknown): KernelPredictor {
  const fields = recordOf(value, 'predictor');
  if (fields.get('version') !== 1) throw bad('version: expected 1');
  const kernels = fields.get('kernels');
  if (!Array.isArray(kernels) || kernels.length > MOST_KERNELS)
    throw bad(`kernels: expected a list of at most ${String(MOST_KERNELS)}`);
  const measured = kernels.map((row: unknown, at): TimedKernel => timedKernel(row, at));
  const chosen = recordOf(fields.get('families'), 'families');
  const families: Partial<Record<KernelFamily, ChosenKind>> = {};
  for (const family of new Set(measured.map(({ kernel }) => familyOf(kernel))))
    families[family] = chosenKind(chosen.get(family), family);
  return fitPredictor(readRules(fields.get('rules')), measured, families);
}

function timedKernel(row: unknown, at: number): TimedKernel {
  const values: readonly unknown[] = Array.isArray(row) ? row : [];
  const [operators, ...rest] = values;
  const ms = rest.at(-1);
  if (typeof operators !== 'string' || rest.length !== FIELDS.length + 1)
    throw bad(`kernels[${String(at)}]: expected ${String(FIELDS.length + 2)} values`);
  if (typeof ms !== 'number' || !(ms > 0 && ms < Infinity))
    throw bad(`kernels[${String(at)}]: expected a time above 0`);
  const shape = Object.fromEntries(FIELDS.map((field, index) => [field, rest[index]]));
  const kernel: Kernel = parseKernel({ operators: operators.split('+'), ...shape });
  return { kernel, ms };
}

function chosenKind(value: unknown, family: string): ChosenKind {
  const fields = recordOf(value, `families.${family}`);
  const kind = REGRESSOR_KINDS.find((each) => each === fields.get('kind'));
  if (kind === undefined) throw bad(`families.${family}.kind: expected ${REGRESSOR_KINDS.join(', ')}`);
  const given = recordOf(fields.get('errors') ?? {}, `families.${family}.errors`);
  const errors = REGRESSOR_KINDS.flatMap((each) => {
    const error = given.get(each);
    return typeof error === 'number' ? [[each, error] as const] : [];
  });
  return { kind, errors: Object.fromEntries(errors) };
}

function readRules(value: unknown): FusionRules {
  const fields = recordOf(value, 'rules');
  const pairs = fields.get('pairs');
  const fanOut = (['none', 'first', 'all'] as const).find((each) => each === fields.get('fanOut'));
  if (fanOut === undefined || !Array.isArray(pairs) || pairs.length > OPERATORS.length ** 2)
    throw bad('rules: expected pairs and fanOut');
  return { pairs: pairs.map(operatorPair), fanOut };
}

function operatorPair(value: unknown): readonly [Operator, Operator] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [];
  const [first, second] = names.map((name) => OPERATORS.find((operator) => operator === name));
  if (first === undefined || second === undefined || names.length !== 2)
    throw bad('rules.pairs: expected pairs of operators');
  return [first, second];
}

function recordOf(value: unknown, name: string): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(`${name}: expected an object`);
  return new Map<string, unknown>(Object.entries(value));
}

function bad(message: string): ProfileError {
  return new ProfileError('PROFILE_BAD_SAMPLES', message);
}
