import { InvalidArgumentError } from 'commander';
import { numberBetween, oneOf, wholeNumberBetween } from './arguments.js';
import type { PruningPart, PruningRule, PruningScope } from './graphql/generated/documents.js';

export const RULES = [
  'EFFICIENCY',
  'BLOCK_EFFECT',
  'EFFECT_OUTLIERS',
  'BASE_NETWORK_COST',
  'RANDOM',
  'MANUAL',
  'INTERSECTION',
  'UNION',
] as const satisfies readonly PruningRule[];

export const SCOPES = ['LAYER', 'SHARED', 'GLOBAL'] as const satisfies readonly PruningScope[];

/** How each number of a rule is read, on its own and within `--part`. */
export const readRatio = numberBetween(0, 0.999);
export const readLambda = numberBetween(0, 1e6);
export const readCells = wholeNumberBetween(1, 1_000_000);
export const readDepthFactor = numberBetween(1, 1e6);
export const readSeed = wholeNumberBetween(0, 2_147_483_647);

/** `RULE,name=value,…` with ratio, scope, lambda, cells, depth-factor and seed; collected over several options. */
export function pruningPart(text: string, earlier: readonly PruningPart[] = []): PruningPart[] {
  const [rule = '', ...settings] = text.split(',').map((each) => each.trim());
  const part: PruningPart = { rule: oneOf(RULES)(rule) };
  for (const setting of settings) {
    const [name = '', value = ''] = setting.split('=');
    if (name === 'ratio') part.ratio = readRatio(value);
    else if (name === 'scope') part.scope = oneOf(SCOPES)(value);
    else if (name === 'lambda') part.lambda = readLambda(value);
    else if (name === 'cells') part.cells = readCells(value);
    else if (name === 'depth-factor') part.depthFactor = readDepthFactor(value);
    else if (name === 'seed') part.seed = readSeed(value);
    else
      throw new InvalidArgumentError(
        `Expected ratio, scope, lambda, cells, depth-factor or seed with = and a value, not ${setting}.`,
      );
  }
  return [...earlier, part];
}

/** Kept choices by layer as JSON: `[[0,3],[1]]`. */
export function keptChoices(text: string): number[][] {
  const wrong = new InvalidArgumentError('Expected a JSON list a layer of indices, for example [[0,3],[1]].');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const isLayer = (layer: unknown): layer is number[] =>
    Array.isArray(layer) && layer.every((choice) => Number.isInteger(choice));
  if (!Array.isArray(value) || !value.every(isLayer)) throw wrong;
  return value;
}
