import type { PageFacts } from '@espalier/device-agent/browser';

interface Battery {
  readonly level: number;
  readonly charging: boolean;
}

/** What only a page, not its worker, can read. Many browsers keep the battery to themselves. */
export async function readPageFacts(): Promise<PageFacts> {
  const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
  const battery = await getBattery?.call(navigator).catch(() => null);
  return {
    screen: `${screen.width}×${screen.height} at ${devicePixelRatio}`,
    batteryRatio: battery?.level ?? null,
    charging: battery?.charging ?? null,
  };
}
