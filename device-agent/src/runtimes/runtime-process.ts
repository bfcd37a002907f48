import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuntimeAnswer, RuntimeRequest } from './protocol.js';

export interface RuntimeProcessOptions {
  readonly threads: number;
  readonly provider: string;
  /** Processors to stay on, by number; null for all. */
  readonly processors: readonly number[] | null;
  /** More memory than this ends it, bytes. Looked at every 50 ms where there is a /proc. */
  readonly memoryBytes: number;
}

/** A process of its own that holds the runtime and what is loaded in it, so that a model which kills it kills nothing else. */
export interface RuntimeProcess {
  readonly pid: number;
  /** Whether it can still be asked. */
  readonly alive: boolean;
  /** Processor time that it has used as of its last answer, milliseconds. */
  readonly busyMs: number;
  /** Memory that it had at its last answer, bytes. */
  readonly memoryBytes: number;
  /**
   * Asks for one thing; callers wait for the answer before they ask again. Rejects with the runtime's words when it refuses, and
   * with RuntimeFell when the process ends of it or takes longer than `limitMs`, after which it has ended.
   */
  ask(request: RuntimeRequest, limitMs: number): Promise<RuntimeAnswer & { readonly value: unknown }>;
  /** Ends it at once; resolves when it is gone. */
  end(): Promise<void>;
}

/** The process ended while it was asked for something; says why. */
export class RuntimeFell extends Error {
  override readonly name = 'RuntimeFell';
}

/** From the sources when this file is a source, from the build when it is built. */
const PROGRAM = fileURLToPath(new URL(`./runtime-child${extname(import.meta.url)}`, import.meta.url));
const WATCH_MS = 50;
const WORDS = 500;

export function startRuntime(options: RuntimeProcessOptions): RuntimeProcess {
  const child = spawned(options);
  const state = { alive: true, busyMs: 0, memoryBytes: 0, said: '' };
  let killedFor: string | null = null;
  const kill = (reason: string): void => {
    killedFor ??= reason;
    state.alive = false;
    child.kill('SIGKILL');
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    state.said = (state.said + text).slice(-WORDS);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      state.alive = false;
      resolve(`the runtime cannot be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      state.alive = false;
      const words = state.said.trim().split('\n').at(-1) ?? '';
      resolve(
        killedFor ??
          `the runtime crashed (${signal ?? `exit ${String(code)}`})${words === '' ? '' : `: ${words}`}`,
      );
    });
  });
  return {
    get pid() {
      return child.pid ?? 0;
    },
    get alive() {
      return state.alive;
    },
    get busyMs() {
      return state.busyMs;
    },
    get memoryBytes() {
      return state.memoryBytes;
    },
    ask: async (request, limitMs) => {
      const answered = once(child, 'message').then(([answer]) => answer as RuntimeAnswer);
      const fell = ended.then((reason) => {
        throw new RuntimeFell(reason);
      });
      const timer = setTimeout(() => {
        kill(
          `it takes longer than ${(limitMs / 1000).toFixed(limitMs < 10_000 ? 1 : 0)} s ${WHAT[request.ask]}`,
        );
      }, limitMs);
      const watch = setInterval(() => {
        if (residentBytes(child.pid) > options.memoryBytes)
          kill(
            `it needs more than ${(options.memoryBytes / 2 ** 20).toFixed(0)} MiB of memory ${WHAT[request.ask]}`,
          );
      }, WATCH_MS);
      try {
        if (state.alive) child.send(request, () => undefined);
        const answer = await Promise.race([answered, fell]);
        state.busyMs = answer.busyMs;
        state.memoryBytes = answer.memoryBytes;
        if ('error' in answer) throw new Error(answer.error);
        return answer;
      } finally {
        clearTimeout(timer);
        clearInterval(watch);
      }
    },
    end: async () => {
      kill('the runtime was ended');
      await ended;
    },
  };
}

const WHAT = { LOAD: 'to load', SAMPLE: 'to run', RELEASE: 'to release' } as const;

function spawned({ threads, provider, processors }: RuntimeProcessOptions): ChildProcess {
  const bound = processors === null ? [] : ['taskset', '-c', processors.join(',')];
  const program = [...bound, process.execPath, PROGRAM, String(threads), provider];
  // No core file of a model's size when one crashes.
  const quiet = process.platform === 'win32' ? [] : ['/bin/sh', '-c', 'ulimit -c 0; exec "$0" "$@"'];
  const [command = process.execPath, ...args] = [...quiet, ...program];
  return spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    env: environment(),
  });
}

/** Models come from others: what runs them gets no secret of this process. */
function environment(): NodeJS.ProcessEnv {
  const needed =
    /^(PATH|HOME|TMPDIR|TEMP|TMP|SystemRoot|NODE_OPTIONS|LD_LIBRARY_PATH|CUDA_|NVIDIA_|VK_|XDG_|DISPLAY)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => needed.test(name)));
}

/** 0 where it cannot be read. */
function residentBytes(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
