import { PRECISIONS, type Precision } from '../measuring/measured-model.js';

/** What a network is measured under; one of an agent's hardware targets, without the machine. */
export interface TargetSettings {
  readonly threads: number;
  readonly precision: Precision;
  /** As ONNX Runtime calls it, for example `cpu`. */
  readonly provider: string;
  /** Items a network takes at once. */
  readonly batch: number;
}

export const DEFAULT_TARGET: TargetSettings = { threads: 1, precision: 'fp32', provider: 'cpu', batch: 16 };

const MOST_TARGETS = 16;

/**
 * The targets that `--target threads=1,precision=fp32,provider=cpu,batch=16` declare; what one leaves out is as in
 * DEFAULT_TARGET. Throws RangeError with a sentence for what is no target, twice the same, or too many.
 */
export function parseTargets(texts: readonly string[]): readonly TargetSettings[] {
  if (texts.length > MOST_TARGETS)
    throw new RangeError(`There are more than ${String(MOST_TARGETS)} targets.`);
  const targets = texts.map(parseTarget);
  const seen = new Set<string>();
  for (const target of targets) {
    const text = targetText(target);
    if (seen.has(text)) throw new RangeError(`The target ${text} is declared twice.`);
    seen.add(text);
  }
  return targets;
}

export function targetText({ threads, precision, provider, batch }: TargetSettings): string {
  return `threads=${String(threads)},precision=${precision},provider=${provider},batch=${String(batch)}`;
}

function parseTarget(text: string): TargetSettings {
  const fields = new Map<string, string>();
  for (const part of text.split(',')) {
    const [name = '', value = '', ...rest] = part.split('=').map((each) => each.trim());
    if (!Object.hasOwn(DEFAULT_TARGET, name) || value === '' || rest.length > 0)
      throw new RangeError(
        `The target ${text} has ${part || 'nothing'}; expected threads=, precision=, provider= or batch=.`,
      );
    if (fields.has(name)) throw new RangeError(`The target ${text} has ${name} twice.`);
    fields.set(name, value);
  }
  return {
    threads: wholeNumber('threads', fields.get('threads'), DEFAULT_TARGET.threads, 1024),
    precision: precisionOf(fields.get('precision') ?? DEFAULT_TARGET.precision),
    provider: providerOf(fields.get('provider') ?? DEFAULT_TARGET.provider),
    batch: wholeNumber('batch', fields.get('batch'), DEFAULT_TARGET.batch, 4096),
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number, most: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new RangeError(`${name} is ${text ?? ''}; expected 1–${String(most)}.`);
  return value;
}

/** Throws RangeError for what this agent cannot measure in. */
export function precisionOf(text: string): Precision {
  const precision = PRECISIONS.find((each) => each === text);
  if (precision === undefined)
    throw new RangeError(`precision is ${text}; expected ${PRECISIONS.join(' or ')}.`);
  return precision;
}

function providerOf(text: string): string {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(text)) return text;
  throw new RangeError(`provider is ${text}; expected a name such as cpu.`);
}
