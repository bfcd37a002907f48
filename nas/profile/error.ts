export type ProfileErrorCode =
  | 'PROFILE_BAD_SUBJECT'
  | 'PROFILE_BAD_OPTION'
  | 'PROFILE_MISSING_RESULT'
  | 'PROFILE_BAD_SAMPLES'
  | 'PROFILE_NOT_ADDITIVE';

/** A subject or option that makes no sense, or results that no profile can be made of. The message says which and why. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';

  constructor(
    readonly code: ProfileErrorCode,
    message: string,
  ) {
    super(message);
  }
}
