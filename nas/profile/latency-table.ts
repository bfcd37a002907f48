/** Latencies of every block of a space on one target, milliseconds a run of the target's batch. */
export interface LatencyTable {
  /** What a block adds to a network: a list a position, an entry a choice. 0 for a choice that builds nothing. */
  readonly layers: readonly (readonly number[])[];
  /** What every network pays besides its blocks; below 0 where effects of widths or resolutions multiply instead of adding up. */
  readonly fixedMs: number;
}

/** The additive prediction (Cai et al. 2019, ProxylessNAS): fixed part plus the chosen blocks. RangeError for an unknown choice. */
export function predictLatency({ layers, fixedMs }: LatencyTable, encoding: readonly number[]): number {
  if (encoding.length !== layers.length)
    throw new RangeError(`expected ${String(layers.length)} choices, got ${String(encoding.length)}`);
  return encoding.reduce((sum, choice, layer) => {
    const blockMs = layers[layer]?.[choice];
    if (blockMs === undefined) throw new RangeError(`layer ${String(layer)} has no choice ${String(choice)}`);
    return sum + blockMs;
  }, fixedMs);
}
