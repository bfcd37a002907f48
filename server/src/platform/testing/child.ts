import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Calls `name` of a TypeScript module in a process of its own; resolves when it answers. The caller ends the process. */
export async function inChild<T>(
  module: URL,
  name: string,
  argument: unknown,
): Promise<{ child: ChildProcess; answer: T }> {
  const child = fork(
    fileURLToPath(new URL('./child.mjs', import.meta.url)),
    [module.href, name, JSON.stringify(argument)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const answer = await new Promise<T>((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code, signal) => reject(new Error(`The child ended with ${code ?? signal}.`)));
  });
  return { child, answer };
}
