import { type Failure, permanentFailure } from '../../kernel/failure.ts';

/** Whether the value of a vault secret can be the client's secret. */
export type ClientSecretReading = { readonly ok: true } | Failure;

/**
 * Refuses a client secret that a person or a script wrote with a line break or a blank at an end, before it is sent:
 * the server would only say that it does not know the client. Nothing is repaired in silence, as a refresh token.
 * @param where the secret, in words: `secret NAME of VAULT`
 */
export const readClientSecret = (value: string, where: string): ClientSecretReading => {
  if (!/[\r\n]/.test(value) && value === value.trim()) return { ok: true };
  return permanentFailure({
    code: 'client_secret_with_whitespace',
    message: `The client's secret in ${where} begins or ends with a blank, or holds a line break.`,
    action: `Write the client's secret into ${where} again without it (printf, not echo; no line break at the end of --file).`,
  });
};
