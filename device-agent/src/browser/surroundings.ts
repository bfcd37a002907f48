import type { AgentSettings, PageFacts } from './messages.js';
import { gpuAdapter, type WebRuntime } from './runtime.js';
import { STEPS_PER_SAMPLE } from './timer.js';

/** Browsers tell what they run on only when asked, and only some do (User-Agent Client Hints, a draft of the WICG). */
interface UserAgentData {
  readonly platform: string;
  readonly brands: readonly { readonly brand: string; readonly version: string }[];
  getHighEntropyValues(hints: readonly string[]): Promise<{
    readonly model?: string;
    readonly platformVersion?: string;
    readonly architecture?: string;
    readonly bitness?: string;
  }>;
}

export interface BrowserTarget {
  readonly processor: string;
  readonly runtime: string;
  readonly provider: string;
  readonly precision: string;
  readonly threads: number;
  readonly batch: number;
}

/**
 * The hardware target of a page. No browser names its processor, so the best that it tells takes its place: the model of a
 * phone, the kind of processor and its number of cores, the graphics processor with WebGPU. The browser belongs to it: the same
 * WebAssembly is as fast as the browser that compiles it.
 */
export async function pageTarget(runtime: WebRuntime, settings: AgentSettings): Promise<BrowserTarget> {
  const { provider, threads, batch } = settings;
  return {
    processor: shortened(await processorOf(provider), 100),
    runtime: shortened(`onnxruntime-web ${runtime.version}`, 50),
    provider,
    precision: 'fp32',
    threads,
    batch,
  };
}

/** The browser as it is now: stored with the device so that a reader can judge its figures. Null is what cannot be read. */
export async function describePage(
  runtime: WebRuntime,
  resolutionMs: number,
  facts: PageFacts,
): Promise<Record<string, unknown>> {
  const hints = await clientHints();
  return {
    userAgent: navigator.userAgent,
    model: hints?.model || null,
    platform: userAgentData()?.platform ?? null,
    platformVersion: hints?.platformVersion || null,
    architecture: hints?.architecture ? `${hints.architecture} ${hints.bitness ?? ''}`.trim() : null,
    logicalCores: navigator.hardwareConcurrency,
    memoryGiB: (navigator as { readonly deviceMemory?: number }).deviceMemory ?? null,
    gpu: runtime.settings.provider === 'webgpu' ? await gpuAdapter() : null,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    // ONNX Runtime Web is built with it: where it is missing, the runtime does not load.
    simd: true,
    runtimeVersion: runtime.version,
    timerResolutionMs: Number(resolutionMs.toPrecision(3)),
    sampleMs: `at least ${(STEPS_PER_SAMPLE * resolutionMs).toPrecision(3)}: the mean of as many runs in a row as that takes`,
    foreignLoad: 'not readable in a browser: only the reference network shows it',
    ...facts,
  };
}

async function processorOf(provider: AgentSettings['provider']): Promise<string> {
  const hints = await clientHints();
  const cores = `${String(navigator.hardwareConcurrency)} cores`;
  const kind = [hints?.architecture, hints?.bitness && `${hints.bitness}-bit`].filter(Boolean).join(' ');
  const gpu = provider === 'webgpu' ? await gpuAdapter() : null;
  const gpuName = gpu ? gpu.description || [gpu.vendor, gpu.architecture].filter(Boolean).join(' ') : '';
  const machine = [hints?.model, userAgentData()?.platform ?? platformOf(navigator.userAgent), kind, cores];
  return [gpuName, ...machine, browserOf(navigator.userAgent, userAgentData()?.brands ?? [])]
    .filter(Boolean)
    .join(', ');
}

/** For example `Chromium 140`; `brands` are those of the client hints, where the browser has them. */
export function browserOf(userAgent: string, brands: UserAgentData['brands']): string {
  const known = brands.find(({ brand }) => brand === 'Chromium');
  if (known) return `Chromium ${known.version}`;
  const [, name = 'browser', version = ''] =
    /(Firefox)\/(\d+)/.exec(userAgent) ??
    /(Chrome)\/(\d+)/.exec(userAgent) ??
    // Safari writes its version apart from its name.
    (/Safari\//.test(userAgent) ? ['', 'Safari', /Version\/([\d.]+)/.exec(userAgent)?.[1] ?? ''] : []);
  return `${name} ${version}`.trim();
}

/** `iPhone`, `Macintosh`, `Linux x86_64` and the like: the first words in the parentheses of the user agent. */
export function platformOf(userAgent: string): string {
  const inside = /\(([^)]*)\)/.exec(userAgent)?.[1] ?? '';
  const [first = '', second = ''] = inside.split(';').map((part) => part.trim());
  return first === 'X11' ? second : first;
}

const userAgentData = (): UserAgentData | undefined =>
  (navigator as { readonly userAgentData?: UserAgentData }).userAgentData;

const clientHints = (): ReturnType<UserAgentData['getHighEntropyValues']> | undefined =>
  userAgentData()
    ?.getHighEntropyValues(['model', 'platformVersion', 'architecture', 'bitness'])
    .catch(() => ({}));

const shortened = (text: string, most: number): string => text.slice(0, most);
