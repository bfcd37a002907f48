type Rgb = readonly [number, number, number];

const magnitude: readonly Rgb[] = [
  [68, 1, 84],
  [65, 68, 135],
  [42, 120, 142],
  [34, 168, 132],
  [122, 209, 81],
  [253, 231, 37],
];
const diverging: readonly Rgb[] = [
  [166, 90, 36],
  [222, 178, 143],
  [251, 250, 246],
  [146, 187, 169],
  [31, 111, 84],
];

/** A cell's colours: the ramp at `place` (0–1), and black or white, whichever reads better on it (at least 4.5:1). */
export interface CellColours {
  background: string;
  text: string;
}

/** Perceptual ramp for a magnitude, dark for little (viridis). */
export function magnitudeColours(place: number): CellColours {
  return colours(at(magnitude, place));
}

/** Copper below, paper at 0.5, leaf above. */
export function divergingColours(place: number): CellColours {
  return colours(at(diverging, place));
}

function at(ramp: readonly Rgb[], place: number): Rgb {
  const where = Math.min(1, Math.max(0, place)) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(where));
  const [from, to] = [ramp[low] ?? [0, 0, 0], ramp[low + 1] ?? [0, 0, 0]];
  const mix = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * (where - low));
  return [mix(0), mix(1), mix(2)];
}

function colours(rgb: Rgb): CellColours {
  const onBlack = (luminance(rgb) + 0.05) / 0.05;
  const onWhite = 1.05 / (luminance(rgb) + 0.05);
  return { background: `rgb(${rgb.join(' ')})`, text: onBlack > onWhite ? '#000000' : '#ffffff' };
}

/** Relative luminance (WCAG 2). */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((c) =>
    c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}
