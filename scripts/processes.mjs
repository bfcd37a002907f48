// Child processes of a running Espalier: started, watched for their "ready" line, restarted, stopped in order.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Processes that run now, in the order of their start. */
const running = new Set();
let ending = false;

// Whatever ends this process, nothing that it started outlives it.
process.on('exit', () => running.forEach((part) => part.kill('SIGTERM')));

/** Ends every process, those started last first: who asks before who answers. Nothing is started any more. */
export async function stopEverything() {
  ending = true;
  for (const part of [...running].reverse()) await part.stop();
}

/** Ends every process at once. The database is asked all the same: it knows how to end its own processes. */
export function killEverything() {
  ending = true;
  for (const part of running) part.kill(part.name === 'database' ? 'SIGTERM' : 'SIGKILL');
}

/**
 * Starts a process and resolves with its ready line (a JSON log line whose msg is "ready") once it prints it.
 * `readyWhen` recognises readiness of programs that log otherwise. Rejects with what it said when it ends before.
 */
export function startProcess(
  name,
  args,
  { env = {}, cwd, onLine = () => {}, onEnd = () => {}, readyWhen = isReadyLine } = {},
) {
  if (ending) throw new Error('Stopping.');
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: a Ctrl-C at the terminal reaches us alone, and we stop the children in order.
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const ready = new Promise((resolve, reject) => {
    const said = [];
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        onLine(name, line);
        said.push(line);
        if (said.length > 50) said.shift();
        const ready = readyWhen(line);
        if (ready) resolve(ready === true ? {} : ready);
      });
    child.once('error', reject);
    ended.then(({ code, signal }) => {
      reject(new Error(`The ${name} process ended (${signal ?? `exit ${code}`}): ${lastWords(said)}`));
      onEnd({ code, signal });
    });
  });
  ready.catch(() => {});
  const kill = (signal) => {
    try {
      process.kill(child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  const part = {
    name,
    child,
    ready,
    ended,
    kill,
    /** Asks it to end, and after `graceMs` makes it. */
    async stop(graceMs = 15_000) {
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), graceMs);
      const how = await ended;
      clearTimeout(timer);
      return how;
    },
  };
  running.add(part);
  ended.then(() => running.delete(part));
  return part;
}

/** A process that is started again when it ends by itself, waiting longer each time. */
export function keepAlive(start, { onRestart = () => {} } = {}) {
  let current = start();
  let stopping = false;
  let failures = 0;
  const watch = async (child) => {
    const startedAt = Date.now();
    const how = await child.ended;
    if (stopping || ending) return;
    failures = Date.now() - startedAt > 60_000 ? 0 : failures + 1;
    const waitMs = Math.min(500 * 2 ** failures, 15_000);
    onRestart(child.name, how, waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (stopping || ending) return;
    current = start();
    watch(current);
  };
  watch(current);
  return {
    get current() {
      return current;
    },
    async stop() {
      stopping = true;
      await current.stop();
    },
  };
}

function isReadyLine(line) {
  if (!line.startsWith('{')) return false;
  try {
    const parsed = JSON.parse(line);
    return parsed.msg === 'ready' ? parsed : false;
  } catch {
    return false;
  }
}

/** Why a process ended, for a person: the messages of its last complaints, otherwise of its last lines. */
function lastWords(lines) {
  const spoken = lines.map((line) => {
    try {
      const { msg, level } = JSON.parse(line);
      return { text: msg ?? line, grave: level >= 50 };
    } catch {
      return { text: line, grave: false };
    }
  });
  const grave = spoken.filter((line) => line.grave);
  return (grave.length > 0 ? grave : spoken)
    .slice(-3)
    .map((line) => line.text)
    .join(' | ');
}
