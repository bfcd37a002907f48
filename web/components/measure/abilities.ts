import { gpuAdapter } from '@espalier/device-agent/browser';

/** What this browser can measure with. */
export interface Abilities {
  /** Why it cannot measure at all; null when it can. */
  readonly missing: string | null;
  /** Most threads of WebAssembly. */
  readonly threads: number;
  /** Whether it knows WebGPU; whether there is a graphics processor for it is asked when that is chosen. */
  readonly webgpu: boolean;
}

export function readAbilities(): Abilities {
  return {
    missing: missing(),
    threads: globalThis.crossOriginIsolated ? Math.max(1, navigator.hardwareConcurrency) : 1,
    webgpu: 'gpu' in navigator,
  };
}

/** What the graphics processor is called; null when there is none. */
export async function readGpu(): Promise<string | null> {
  const adapter = await gpuAdapter();
  if (!adapter) return null;
  const { vendor, architecture, description } = adapter;
  return description || [vendor, architecture].filter(Boolean).join(' ') || 'one without a name';
}

function missing(): string | null {
  if (!globalThis.isSecureContext)
    return 'Browsers let a page measure only over https, or on the machine that serves it. Open this page by an https address.';
  if (!navigator.locks || !crypto.subtle || typeof WebAssembly !== 'object')
    return 'This browser is too old to measure: it lacks locks between pages or WebAssembly.';
  return null;
}

/**
 * A name for the device until its user gives a better one, such as `Chrome on Android 3f9c`. The end is by chance: the server
 * takes two devices of one name for the same, and the older would be signed out.
 */
export function suggestedName(): string {
  const { userAgent } = navigator;
  const browser = /Edg\//.test(userAgent)
    ? 'Edge'
    : (/(Firefox|Chrome|Safari)\//.exec(userAgent)?.[1] ?? 'Browser');
  const system = /(Android|iPhone|iPad|Windows|Macintosh|Linux)/.exec(userAgent)?.[1];
  const chance = crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
  const place = system === 'Macintosh' ? 'Mac' : (system ?? 'a device');
  return `${browser} on ${place} ${chance.toString(16).padStart(4, '0')}`;
}
