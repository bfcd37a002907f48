import type { SamplerSettings, SamplerSettingsInput } from '../../../graphql/generated/resolvers.js';
import { badInput } from '../../../platform/errors.js';

type Name = Exclude<keyof SamplerSettings, '__typename'>;

/** What samplers were told, by name; a sampler has those of its kind. */
export type SettingValues = { readonly [N in Name]?: NonNullable<SamplerSettings[N]> };

/** Something that a sampler can be told. */
export interface Setting {
  readonly name: Name;
  readonly meaning: string;
  readonly kind: 'INTEGER' | 'NUMBER' | 'CHOICE' | 'NUMBERS';
  /** Of numbers, both included. */
  readonly least?: number;
  readonly most?: number;
  /** Of a choice. */
  readonly options?: readonly string[];
  /** What it is when not given, which may depend on what is; absent where the sampler works it out from the space. */
  readonly fallback?: (given: SettingValues) => number | string;
  /** The same in words. */
  readonly fallbackWords: string;
}

export const whole = (
  name: Name,
  meaning: string,
  [least, most]: readonly [number, number],
  fallback: number,
): Setting => numeric('INTEGER', name, meaning, [least, most], fallback);

export const share = (name: Name, meaning: string, fallback: number): Setting =>
  numeric('NUMBER', name, meaning, [0, 1], fallback);

export const numeric = (
  kind: 'INTEGER' | 'NUMBER',
  name: Name,
  meaning: string,
  [least, most]: readonly [number, number],
  fallback: number,
): Setting => ({
  name,
  meaning,
  kind,
  least,
  most,
  fallback: () => fallback,
  fallbackWords: String(fallback),
});

/**
 * What takes effect: what was given, and the fallbacks of the rest. BAD_INPUT names a setting that the sampler does not have
 * or a value out of range.
 */
export function settingsInEffect(
  sampler: string,
  settings: readonly Setting[],
  given: SamplerSettingsInput,
): SettingValues {
  const known = new Set<string>(settings.map(({ name }) => name));
  const stranger = Object.entries(given).find(([name, value]) => value != null && !known.has(name));
  if (stranger)
    throw badInput(
      `input.settings.${stranger[0]}`,
      `${sampler} has no setting ${stranger[0]}; expected ${known.size > 0 ? [...known].join(', ') : 'none'}.`,
    );
  const chosen: SettingValues = Object.fromEntries(
    settings.flatMap((setting) => {
      const value = given[setting.name];
      if (value == null) return [];
      check(setting, value);
      return [[setting.name, value]];
    }),
  );
  return withFallbacks(settings, chosen);
}

/** Fills in what is not there: runs from before settings were stored have none. */
export function withFallbacks(settings: readonly Setting[], given: SettingValues): SettingValues {
  return Object.fromEntries(
    settings.flatMap((setting) => {
      const value = given[setting.name] ?? setting.fallback?.(given);
      return value === undefined ? [] : [[setting.name, value]];
    }),
  );
}

function check({ name, kind, least = -Infinity, most = Infinity, options }: Setting, value: unknown): void {
  const field = `input.settings.${name}`;
  const isWithin = (number: unknown): boolean =>
    typeof number === 'number' && Number.isFinite(number) && number >= least && number <= most;
  if (kind === 'CHOICE') {
    if (!options?.includes(String(value)))
      throw badInput(field, `${name} is ${String(value)}; expected ${options?.join(' or ') ?? 'nothing'}.`);
    return;
  }
  if (kind === 'NUMBERS') {
    if (!Array.isArray(value) || value.length > MOST_NUMBERS || !value.every(isWithin))
      throw badInput(field, `${name} must be up to ${MOST_NUMBERS} numbers from ${least} to ${most}.`);
    return;
  }
  const what = kind === 'INTEGER' ? 'a whole number' : 'a number';
  if (!isWithin(value) || (kind === 'INTEGER' && !Number.isInteger(value)))
    throw badInput(field, `${name} is ${String(value)}; expected ${what} from ${least} to ${most}.`);
}

/** As many as a space has positions. */
const MOST_NUMBERS = 256;
