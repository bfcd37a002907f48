/** From a value to its place between 0 and 1, and back. */
export interface Scale {
  place: (value: number) => number;
  value: (place: number) => number;
  ticks: { value: number; label: string }[];
}

export type Interval = readonly [low: number, high: number];

export function makeScale([low, high]: Interval, logarithmic: boolean, tickCount = 6): Scale {
  const forward = logarithmic ? Math.log : identity;
  const back = logarithmic ? Math.exp : identity;
  const start = forward(low);
  const span = forward(high) - start || 1;
  const values = logarithmic ? logarithmicTicks(low, high) : linearTicks(low, high, tickCount);
  return {
    place: (value) => (forward(value) - start) / span,
    value: (place) => back(start + place * span),
    ticks: values.map((value) => ({ value, label: tickLabel(value) })),
  };
}

/** Round numbers in steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count - 1);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** 1, 2, 5 of every decade, or the decades alone when there are many; linear ticks within less than a decade. */
export function logarithmicTicks(low: number, high: number): number[] {
  if (high / low < 4) return linearTicks(low, high, 6).filter((value) => value > 0);
  const marks = high / low > 2000 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade += 1)
    for (const mark of marks) {
      const value = Number((mark * 10 ** decade).toPrecision(6));
      if (value >= low * 0.9999 && value <= high * 1.0001) ticks.push(value);
    }
  return ticks;
}

function tickLabel(value: number): string {
  return Math.abs(value) >= 1000 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(6)));
}

function identity(value: number): number {
  return value;
}
