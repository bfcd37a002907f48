/**
 * A seeded generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, period of at least 2^32.
 * The same seed gives the same numbers on every platform; `state()` and `restoreRandom` continue a stream exactly.
 */
export interface Random {
  /** The next 32 bits as an integer in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1), a multiple of 2^-32. */
  float(): number;
  /** Uniform integer in [0, n), 1 ≤ n ≤ 2^21 (the bias, below n / 2^32, is left in). */
  int(n: number): number;
  /** Standard normal deviate (Box and Muller 1958); draws two numbers each time, keeps none. */
  normal(): number;
  /** Four unsigned 32-bit words that `restoreRandom` takes. */
  state(): RandomState;
}

export type RandomState = readonly [number, number, number, number];

/** Starts a stream. `seed` is any safe integer; anything else throws RangeError. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, got ${String(seed)}`);
  const low = seed >>> 0;
  const high = Math.floor(seed / 0x1_0000_0000) >>> 0;
  const random = new Sfc32(0, low, high, 1);
  for (let warmUp = 0; warmUp < 15; warmUp++) random.uint32();
  return random;
}

/** Continues a stream from the four words of `state()`. Throws RangeError when a word is no unsigned 32-bit integer. */
export function restoreRandom(state: RandomState): Random {
  for (const word of state) {
    if (!Number.isInteger(word) || word < 0 || word > 0xffff_ffff)
      throw new RangeError(`state words must be unsigned 32-bit integers, got ${String(word)}`);
  }
  return new Sfc32(...state);
}

class Sfc32 implements Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(a: number, b: number, c: number, counter: number) {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.counter = counter | 0;
  }

  uint32(): number {
    const result = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + result;
    this.c |= 0;
    return result >>> 0;
  }

  float(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  int(n: number): number {
    return Math.floor((this.uint32() * n) / 0x1_0000_0000);
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.float()));
    return radius * Math.cos(2 * Math.PI * this.float());
  }

  state(): RandomState {
    return [this.a >>> 0, this.b >>> 0, this.c >>> 0, this.counter >>> 0];
  }
}
