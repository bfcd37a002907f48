import { readFileSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { LoadedModel } from '../measuring/device.js';
import { loadModel } from './onnxruntime-node.js';
import type { Loaded, RuntimeAnswer, RuntimeRequest, Sampled } from './protocol.js';

/**
 * The process that holds the runtime: it loads and times what its parent asks for and answers when it is done, so that no
 * message is ever part of a time. Its arguments are threads and provider. It ends with its parent.
 */
const threads = Number(process.argv[2]);
const provider = process.argv[3] ?? 'cpu';
const models = new Map<number, LoadedModel>();

async function answer(request: RuntimeRequest): Promise<Loaded | Sampled | null> {
  switch (request.ask) {
    case 'LOAD': {
      forgetPeak();
      const model = await loadModel(request.bytes, { threads, provider, wholly: request.wholly });
      models.set(request.model, model);
      return { createMs: model.createMs, peakBytes: peakBytes() };
    }
    case 'SAMPLE': {
      const model = loaded(request.model);
      const samples = Float64Array.from(await model.sample(request.runs));
      return { samples, interference: model.interference?.() ?? null };
    }
    case 'RELEASE':
      await models.get(request.model)?.release();
      models.delete(request.model);
      return null;
  }
}

function loaded(id: number): LoadedModel {
  const model = models.get(id);
  if (model === undefined) throw new Error(`model ${String(id)} is not loaded`);
  return model;
}

process.on('message', (request) => {
  void answer(request as RuntimeRequest).then(
    (value) => reply({ ...state(), value }),
    (error: unknown) => reply({ ...state(), error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C at a terminal reaches the whole group; the parent decides when this process ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

function reply(message: RuntimeAnswer): void {
  process.send?.(message);
}

function state(): { readonly busyMs: number; readonly memoryBytes: number } {
  const { user, system } = process.cpuUsage();
  return { busyMs: (user + system) / 1000, memoryBytes: process.memoryUsage.rss() };
}

/** Has Linux count the peak of this process' memory anew (proc(5), clear_refs); elsewhere there is none to read. */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak is then that of the whole life.
  }
}

function peakBytes(): number {
  try {
    const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes !== undefined) return 1024 * Number(kibibytes);
  } catch {
    // Not Linux.
  }
  return process.memoryUsage.rss();
}

try {
  // Should memory run out, the kernel takes this process and not the agent.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Not Linux, or not allowed.
}
// A run that never ends keeps this thread from seeing that the parent is gone.
new Worker(
  `const parent = process.ppid;
   setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 2000);`,
  { eval: true, execArgv: [], env: {} },
).unref();
