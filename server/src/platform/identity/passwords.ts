import { hash, verify } from '@node-rs/argon2';

/** argon2id with the library's defaults, which follow OWASP's advice. */
export const hashPassword = (password: string): Promise<string> => hash(password);

let decoy: Promise<string> | null = null;

/** True when `password` belongs to `stored`. Without a stored hash the same work is done, so that time tells nothing. */
export async function passwordMatches(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const matches = await verify(stored ?? (await decoy), password);
  return stored !== undefined && matches;
}
