import { budget } from '../../platform/budget.js';
import type { InScope } from '../../platform/database/tenancy.js';
import { EspalierError } from '../../platform/errors.js';
import { passwordMatches } from '../../platform/identity/passwords.js';
import { mintToken } from '../../platform/tokens.js';

export interface OpenedSession {
  readonly sessionToken: string;
  readonly expiresAt: Date;
}

const SESSION_DAYS = 30;
/** Wrong tries at once for an account, and their return each second. */
const accountTries = budget(10, 1 / 6);
/** The same for an address, which many people may share. */
const addressTries = budget(50, 1 / 2);

/** Opens a session. Wrong e-mail and wrong password are the same answer after the same work. */
export async function signIn(
  inScope: InScope,
  address: string,
  email: string,
  password: string,
): Promise<OpenedSession> {
  const account = email.trim().toLowerCase();
  // Taken before the password is looked at and given back when it is right: tries at once count too.
  const taken = [accountTries.take(account, 1), addressTries.take(address, 1)];
  const wait = Math.max(...taken.map((each) => ('retryAfterSeconds' in each ? each.retryAfterSeconds : 0)));
  if (wait > 0)
    throw new EspalierError('RATE_LIMITED', `Too many tries; come back in ${wait} s.`, {
      retryAfterSeconds: wait,
    });
  const user = await inScope({ email: account, publicRows: false }, async (tx) => {
    const rows = await tx.query<{ id: string; password_hash: string }[]>(
      'select id, password_hash from users where email = app_email()',
    );
    return rows[0];
  });
  // A password longer than any real one would only cost time.
  const matches = password.length <= 1000 && (await passwordMatches(user?.password_hash, password));
  if (!user || !matches) throw new EspalierError('UNAUTHENTICATED', 'E-mail or password is wrong.');
  accountTries.give(account, 1);
  addressTries.give(address, 1);
  const { secret, hash } = mintToken('SESSION');
  const expiresAt = new Date(Date.now() + SESSION_DAYS * 86_400_000);
  await inScope({ userId: user.id, publicRows: false }, async (tx) => {
    await tx.query('delete from sessions where user_id = app_user() and expires_at < now()');
    await tx.query('insert into sessions (user_id, secret_hash, expires_at) values ($1, $2, $3)', [
      user.id,
      hash,
      expiresAt,
    ]);
  });
  return { sessionToken: secret, expiresAt };
}
