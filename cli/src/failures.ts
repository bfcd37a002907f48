import { NoAnswer, ServerRefusal } from '@espalier/client';

/** Exit codes, so that scripts can tell what happened. 0 is success. */
export const EXIT = {
  /** The server refused, or a run ended without a result. */
  FAILED: 1,
  /** The command line is not understood. */
  USAGE: 2,
  /** No token, or one that is not valid. */
  SIGNED_OUT: 3,
  /** No server answers. */
  UNREACHABLE: 4,
} as const;

export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    readonly kind: keyof typeof EXIT,
    message: string,
  ) {
    super(message);
  }
}

/** What to say of an error, and how to exit. A refusal's message holds its code and request id. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CommandFailure) return { message: error.message, exitCode: EXIT[error.kind] };
  if (error instanceof NoAnswer) return { message: error.message, exitCode: EXIT.UNREACHABLE };
  if (error instanceof ServerRefusal)
    return {
      message: error.message,
      exitCode: error.code === 'UNAUTHENTICATED' ? EXIT.SIGNED_OUT : EXIT.FAILED,
    };
  return { message: error instanceof Error ? error.message : String(error), exitCode: EXIT.FAILED };
}
