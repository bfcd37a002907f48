/** Variances of the parts of a covariance and, last, of the noise of an evaluation. */
export type Shares = readonly number[];

/**
 * How alike the errors (or latencies) of two networks are expected to be. Main effects: a sum over layers and over the traits
 * that their choices there share of the trait's variance. What layers do together: two powers of that sum, scaled to 1 for a
 * network with itself; the square reaches over all pairs of layers, the sixth power to networks that are nearly the same.
 */
export class NetworkCovariance {
  readonly layerCount: number;
  /** Main covariance of two choices of a layer, row by row. */
  private readonly tables: readonly Float64Array[];
  private readonly widths: readonly number[];
  private readonly main: number;
  private readonly square: number;
  private readonly sixth: number;

  /** Every layer's traits as `layerTraits` gives them. */
  constructor(traits: Traits, shares: Shares) {
    this.layerCount = traits.length;
    this.widths = traits.map((layer) => layer[0]?.length ?? 0);
    let at = 0;
    let main = 0;
    this.tables = traits.map((layer, l) => {
      const width = this.widths[l] as number;
      const table = new Float64Array(width * width);
      for (const trait of layer) {
        const share = shares[at++] as number;
        main += share;
        for (let a = 0; a < width; a++)
          for (let b = 0; b < width; b++)
            if (trait[a] === trait[b]) table[a * width + b] = (table[a * width + b] as number) + share;
      }
      return table;
    });
    this.main = main;
    this.square = shares[at] as number;
    this.sixth = shares[at + 1] as number;
  }

  /** Covariance of a network with itself. */
  get own(): number {
    return this.main + this.square + this.sixth;
  }

  /** Covariances of a network with `count` others, whose choices lie one after another in `others`, into `into`. */
  between(network: Uint16Array, others: Uint16Array, count: number, into: Float64Array): void {
    const { layerCount, tables, widths, square, sixth } = this;
    const scale = 1 / this.main;
    for (let i = 0, at = 0; i < count; i++) {
      let main = 0;
      for (let layer = 0; layer < layerCount; layer++, at++) {
        const row = (network[layer] as number) * (widths[layer] as number);
        main += (tables[layer] as Float64Array)[row + (others[at] as number)] as number;
      }
      const alike = (main * scale) ** 2;
      into[i] = main + alike * (square + sixth * alike * alike);
    }
  }

  /** What a choice is expected to add at its layer, `[layer][choice]`: Σ over observed networks of weight × covariance there. */
  mainEffects(others: Uint16Array, weights: Float64Array): readonly (readonly number[])[] {
    return this.tables.map((table, layer) => {
      const width = this.widths[layer] as number;
      const perChoice = new Float64Array(width);
      weights.forEach((weight, i) => {
        const choice = others[i * this.layerCount + layer] as number;
        perChoice[choice] = (perChoice[choice] as number) + weight;
      });
      return Array.from({ length: width }, (_, choice) =>
        perChoice.reduce((sum, weight, other) => sum + weight * (table[choice * width + other] as number), 0),
      );
    });
  }
}

export type Traits = readonly (readonly Uint16Array[])[];

/** Shares before anything is known: half of `variance` to the traits together, a tenth to noise. */
export function firstShares(traits: Traits, variance: number): Shares {
  const count = traits.reduce((sum, layer) => sum + layer.length, 0);
  const each = (0.5 * variance) / Math.max(1, count);
  return [
    ...traits.flatMap((layer) => layer.map(() => each)),
    0.2 * variance,
    0.2 * variance,
    0.1 * variance,
  ];
}

/** The parts of the covariance between all pairs of networks, matrices n × n for shares of 1. */
export function covarianceParts(
  traits: Traits,
  shares: Shares,
  networks: readonly Uint16Array[],
): readonly Float64Array[] {
  const n = networks.length;
  const main = new Float64Array(n * n);
  let at = 0;
  let total = 0;
  const parts = traits.flatMap((layer, l) => {
    const taken = networks.map((network) => network[l] as number);
    return layer.map((trait) => {
      const share = shares[at++] as number;
      total += share;
      const values = taken.map((choice) => trait[choice] as number);
      const part = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          if (values[i] === values[j]) {
            part[i * n + j] = 1;
            main[i * n + j] = (main[i * n + j] as number) + share;
          }
      return part;
    });
  });
  const scale = 1 / total;
  const square = main.map((value) => (value * scale) ** 2);
  return [...parts, square, square.map((value) => value ** 3)];
}
