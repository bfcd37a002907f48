import type * as OnnxRuntime from 'onnxruntime-web';

export type Provider = 'wasm' | 'webgpu';

export interface RuntimeSettings {
  readonly provider: Provider;
  /** Threads within an operator; more than one only where the page is cross-origin isolated, and never with WebGPU. */
  readonly threads: number;
}

/** ONNX Runtime Web, loaded and set up. The threads are the runtime's, not a session's: one set-up a worker. */
export interface WebRuntime {
  readonly ort: typeof OnnxRuntime;
  readonly settings: RuntimeSettings;
  readonly version: string;
}

const ENTRY: Readonly<Record<Provider, string>> = { wasm: 'ort.wasm.min.mjs', webgpu: 'ort.webgpu.min.mjs' };

/**
 * Loads the runtime from a folder of our own origin, `assets`, as an address that ends with a slash. It is no part of the
 * bundle: it starts its threads from its own file. Rejects when the browser cannot do what the settings ask for.
 */
export async function loadRuntime(settings: RuntimeSettings, assets: string): Promise<WebRuntime> {
  const { provider, threads } = settings;
  if (threads > 1 && (provider === 'webgpu' || !globalThis.crossOriginIsolated))
    throw new Error(`${provider} has one thread here: the browser does not share memory with others.`);
  if (provider === 'webgpu' && (await gpuAdapter()) === null)
    throw new Error('This browser has no graphics processor for WebGPU.');
  const ort = (await import(
    /* webpackIgnore: true */ /* turbopackIgnore: true */ `${assets}${ENTRY[provider]}`
  )) as typeof OnnxRuntime;
  ort.env.wasm.wasmPaths = assets;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  return { ort, settings, version: ort.env.versions.web ?? ort.env.versions.common };
}

/** What a graphics processor says of itself; empty texts where the browser keeps it to itself. */
export interface GpuAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
}

/** Null where there is none, or the browser has no WebGPU. */
export async function gpuAdapter(): Promise<GpuAdapter | null> {
  const { gpu } = navigator as Navigator & {
    readonly gpu?: { requestAdapter(): Promise<{ readonly info: GpuAdapter } | null> };
  };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (!adapter) return null;
  const { vendor, architecture, description } = adapter.info;
  return { vendor, architecture, description };
}
