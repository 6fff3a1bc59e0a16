import { type Failure, permanentFailure } from '../../kernel/failure.ts';

/** Whether the value of a vault secret can be a refresh token. */
export type StoredTokenReading = { readonly ok: true; readonly refreshToken: string } | Failure;

/** Key Vault's own limit for a value. */
const MAXIMUM_BYTES = 25_600;
/** RFC 6749 appendix A: a refresh token is one or more VSCHAR. */
const VSCHAR_ONLY = /^[\x20-\x7e]+$/;

/**
 * Reads a refresh token from a secret's value and refuses what a person pasted wrongly, before anything
 * is sent: a wrong token at a strict provider can revoke a good grant. Nothing is repaired in silence.
 *
 * @see RFC 6749 appendix A.17
 */
export const readStoredToken = (value: string): StoredTokenReading => {
  const refuse = (code: string, message: string, action: string): StoredTokenReading =>
    permanentFailure({ code, message, action });
  if (value.trim() === '') {
    return refuse('token_empty', 'The secret is empty.', 'Write the refresh token into the secret.');
  }
  if (new TextEncoder().encode(value).length > MAXIMUM_BYTES) {
    return refuse(
      'token_too_long',
      `The secret is longer than ${MAXIMUM_BYTES} bytes, the most that Key Vault stores.`,
      'Write the refresh token alone into the secret.',
    );
  }
  if (/[\r\n]/.test(value) || value !== value.trim()) {
    return refuse(
      'token_with_whitespace',
      'The secret begins or ends with a blank, or holds a line break.',
      'Write the refresh token again without it (printf, not echo).',
    );
  }
  if (/^[[{"]/.test(value)) {
    return refuse(
      'token_is_json',
      'The secret is JSON, not a bare token.',
      'Write only the value of refresh_token into the secret.',
    );
  }
  if (!VSCHAR_ONLY.test(value)) {
    return refuse(
      'token_malformed',
      'The secret holds characters that a refresh token cannot have.',
      'Write the refresh token again as the provider gave it.',
    );
  }
  return { ok: true, refreshToken: value };
};
