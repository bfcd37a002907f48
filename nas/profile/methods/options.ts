import { ProfileError } from '../error.js';

/** Options that every method knows. */
export interface CommonOptions {
  /** Whole networks measured to fit the correction. */
  readonly fitNetworks: number;
  /** Whole networks measured to judge the profile, never fitted. */
  readonly heldOutNetworks: number;
  /** Items a run. */
  readonly batch: number;
  /** The networks are drawn from it; the same seed gives the same plan. */
  readonly seed: number;
}

/** Reads untrusted options one by one; `done` refuses the names that nobody asked for. All throw PROFILE_BAD_OPTION. */
export class OptionReader {
  private readonly fields: Map<string, unknown>;

  constructor(value: unknown) {
    if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value)))
      throw badOption('expected an object');
    this.fields = new Map(Object.entries(value ?? {}));
  }

  /** The value of an option and that it has been asked for; undefined when it is not there. */
  take(name: string): unknown {
    const value = this.fields.get(name);
    this.fields.delete(name);
    return value ?? undefined;
  }

  integer(name: string, byDefault: number, low: number, high: number): number {
    const value = this.take(name) ?? byDefault;
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
    throw badOption(`${name}: expected an integer from ${String(low)} to ${String(high)}`);
  }

  number(name: string, byDefault: number, low: number, high: number): number {
    const value = this.take(name) ?? byDefault;
    if (typeof value === 'number' && value >= low && value <= high) return value;
    throw badOption(`${name}: expected a number from ${String(low)} to ${String(high)}`);
  }

  oneOf<T extends string>(name: string, byDefault: T, allowed: readonly T[]): T {
    const value = this.take(name) ?? byDefault;
    const found = allowed.find((each) => each === value);
    if (found !== undefined) return found;
    throw badOption(`${name}: expected ${allowed.join(', ')}`);
  }

  common(networks: Partial<CommonOptions> = {}): CommonOptions {
    return {
      fitNetworks: this.integer('fitNetworks', networks.fitNetworks ?? 20, 0, 5000),
      heldOutNetworks: this.integer('heldOutNetworks', networks.heldOutNetworks ?? 40, 0, 5000),
      batch: this.integer('batch', 1, 1, 4096),
      seed: this.integer('seed', 0, 0, 2_147_483_647),
    };
  }

  done(): void {
    const [unknown] = this.fields.keys();
    if (unknown !== undefined) throw badOption(`${unknown.slice(0, 60)}: no such option`);
  }
}

export function badOption(message: string): ProfileError {
  return new ProfileError('PROFILE_BAD_OPTION', message);
}
