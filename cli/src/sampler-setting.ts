import { InvalidArgumentError } from 'commander';
import type { SamplerSettingsInput } from './graphql/generated/documents.js';

/**
 * `NAME=VALUE` of a sampler's setting, collected over several options: a number, numbers with commas between (one number is
 * written with a comma after it), or a word such as `accuracy`. Which settings there are the server knows.
 */
export function samplerSetting(text: string, earlier: SamplerSettingsInput = {}): SamplerSettingsInput {
  const [, name = '', written = ''] = /^([a-zA-Z]+)=(.+)$/.exec(text) ?? [];
  if (name === '') throw misfit();
  return { ...earlier, [name]: valueOf(written.trim()) };
}

function valueOf(written: string): number | readonly number[] | string {
  if (/^[a-zA-Z_]+$/.test(written)) return written.toUpperCase();
  const numbers = written.replace(/,$/, '').split(',').map(numberIn);
  return written.includes(',') ? numbers : (numbers[0] ?? NaN);
}

function numberIn(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw misfit();
  return value;
}

const misfit = (): InvalidArgumentError =>
  new InvalidArgumentError('Expected NAME=VALUE, for example populationSize=50.');
