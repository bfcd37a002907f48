import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { connect, visitor } from '../connection.js';
import { credentials, DEFAULT_URL, forgetCredentials, keepCredentials } from '../credentials.js';
import { CommandFailure } from '../failures.js';
import { SignInDocument, SignOutDocument, ViewerDocument } from '../graphql/generated/documents.js';
import { showFields } from '../output.js';

interface LoginOptions {
  readonly url: string;
  readonly email?: string;
  readonly token?: string;
}

export function sessionCommands(program: Command): void {
  program
    .command('login')
    .description(
      'Keep a token for the commands that follow. Asks for the password, or takes ESPALIER_PASSWORD.',
    )
    .option('--url <url>', 'address of the API', process.env['ESPALIER_URL'] ?? DEFAULT_URL)
    .option('--email <email>', 'sign in as this person')
    .option('--token <token>', 'use this API token instead')
    .action(async ({ url, email, token }: LoginOptions) => {
      if ((email === undefined) === (token === undefined))
        throw new CommandFailure('USAGE', 'Give either --email or --token.');
      const made = token ?? (await signIn(url, email ?? ''));
      console.error(`Kept in ${keepCredentials({ url, token: made })}.`);
    });

  program
    .command('logout')
    .description('End the session that login opened, and forget its token.')
    .action(async () => {
      if (credentials().token !== null)
        await connect()
          .send(SignOutDocument, {})
          // An API token has no session to end; forgetting it is all there is to do.
          .catch(() => undefined);
      forgetCredentials();
    });

  program
    .command('whoami')
    .description('Who the server takes you for.')
    .option('--json')
    .action(async ({ json }: { json?: boolean }) => {
      const { viewer } = await connect().send(ViewerDocument, {});
      const fields = {
        team: viewer.team?.slug ?? 'none',
        role: viewer.role ?? 'none',
        server: credentials().url,
      };
      showFields(viewer, fields, json);
    });
}

async function signIn(url: string, email: string): Promise<string> {
  const password = process.env['ESPALIER_PASSWORD'] ?? (await askPassword(`Password of ${email}: `));
  const { signIn: session } = await visitor(url).send(SignInDocument, { input: { email, password } });
  return session.sessionToken;
}

/** Reads a line without showing it. */
function askPassword(question: string): Promise<string> {
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, terminal: process.stdin.isTTY });
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
      process.stderr.write('\n');
    });
    lines.once('close', () => reject(new CommandFailure('USAGE', 'No password was given.')));
  });
}
