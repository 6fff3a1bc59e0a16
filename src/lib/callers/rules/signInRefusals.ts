import type { Failure } from '../../kernel/failure.ts';

const AGAIN = 'Sign in again.';
const DEPLOYER = 'Whoever deploys Keywatch has to look at its app registration: docs/callers.md, "Sign-in".';

interface Refusal {
  readonly httpStatus: number;
  /** Whether a person of this deployment has to know: the others are for whoever signs in. */
  readonly isReported: boolean;
  readonly retryable: boolean;
  readonly message: string;
  readonly action: string;
}

const ofBrowser = (message: string, action = AGAIN): Refusal => ({
  ...{ httpStatus: 400, isReported: false, retryable: false, message, action },
});
const ofProvider = (message: string, action = DEPLOYER): Refusal => ({
  ...{ httpStatus: 502, isReported: true, retryable: false, message, action },
});

/** Why somebody is not signed in, with what a page says of it. */
const REFUSALS = {
  sign_in_not_configured: {
    ...ofBrowser(
      'Nobody can sign in here: this deployment names nobody who may call.',
      'Whoever deploys Keywatch sets "callers" and the public address: docs/callers.md.',
    ),
    httpStatus: 404,
  },
  sign_in_malformed: ofBrowser('The answer of the identity provider was not one to this request.'),
  sign_in_unknown: ofBrowser('This sign-in is not known here, or was used already.'),
  sign_in_other_browser: ofBrowser(
    'This sign-in was begun in another browser, or this one does not keep cookies.',
    'Sign in again, in the browser that you go on with, and allow it cookies of this address.',
  ),
  sign_in_expired: ofBrowser('This sign-in took longer than ten minutes.'),
  sign_in_declined: { ...ofBrowser('The sign-in was declined.'), httpStatus: 403 },
  sign_in_code_refused: ofBrowser('The identity provider no longer takes the code that it gave.'),
  sign_in_refused: ofProvider('The identity provider refuses the request.'),
  sign_in_unproven: {
    ...ofProvider(
      'Keywatch got no token of its own identity, by which it proves itself to the identity provider.',
    ),
    ...{ httpStatus: 503, retryable: true },
  },
  sign_in_client_refused: ofProvider('The identity provider does not take this app for its client.'),
  sign_in_token_refused: ofProvider('The identity provider gave an identity that does not count here.'),
  sign_in_unavailable: {
    ...ofProvider('The identity provider does not answer as it should.', 'Sign in again in a few minutes.'),
    ...{ httpStatus: 503, retryable: true },
  },
  sign_in_not_kept: {
    ...ofProvider('Keywatch cannot keep a sign-in just now.', 'Sign in again in a few minutes.'),
    // The failure of the store is what is reported.
    ...{ httpStatus: 503, retryable: true, isReported: false },
  },
} as const satisfies Record<string, Refusal>;

export type SignInRefusalCode = keyof typeof REFUSALS;
export type SignInRefusal = Failure<SignInRefusalCode> & Pick<Refusal, 'isReported' | 'httpStatus'>;

/** @param detail a code that is known not to be from a stranger, to end the sentence with */
export const signInRefusal = (code: SignInRefusalCode, detail?: string): SignInRefusal => {
  const { message, ...rest } = REFUSALS[code];
  const said = detail === undefined ? message : message.replace(/\.$/, ` (${detail}).`);
  return { ok: false, code, ...rest, message: said };
};

/** @see RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6 */
const KNOWN = new Set([
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
]);

const BY_ERROR: Readonly<Record<string, SignInRefusalCode>> = {
  access_denied: 'sign_in_declined',
  invalid_client: 'sign_in_client_refused',
  invalid_grant: 'sign_in_code_refused',
  server_error: 'sign_in_unavailable',
  temporarily_unavailable: 'sign_in_unavailable',
  unauthorized_client: 'sign_in_client_refused',
};

/** What an `error` of the identity provider means; one that nobody knows is not repeated. */
export const refusalOfError = (error: string): SignInRefusal => {
  const known = KNOWN.has(error) ? error : undefined;
  return signInRefusal(BY_ERROR[known ?? ''] ?? 'sign_in_refused', known ?? 'for a reason that is not known');
};
