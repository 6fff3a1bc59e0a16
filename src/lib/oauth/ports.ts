import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { ClientAuthentication, CredentialObject } from './clientAuthentication/clientCredential.ts';
import type { AnswerDeviation } from './rules/answerDeviation.ts';
import type { AssertionAlgorithm } from './rules/assertionAlgorithm.ts';
import type { ProviderProfile } from './rules/providerProfile.ts';
import type { RefusalClass } from './rules/refusalWords.ts';

/** One request to a token endpoint, without what it asks with. */
export interface TokenCall {
  readonly grantId: string;
  readonly profile: ProviderProfile;
  readonly clientId: string;
  readonly authenticate: ClientAuthentication;
  /** For the whole exchange, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** Until then the request has to be on its way: later it is not sent at all. Absent: `timeoutMs`. */
  readonly sendWithinMs?: number | undefined;
  /** Called again and again while the answer is waited for; must not throw. Absent: nobody wants to know. */
  readonly stillWaiting?: { readonly everyMs: number; readonly notify: () => void } | undefined;
  /**
   * Asked once more when the connection is up, before the first byte: connecting took time, and the machine
   * may have slept meanwhile. False: nothing may be sent any more.
   */
  readonly mayStillSend?: (() => boolean) | undefined;
}

export interface RefreshCall extends TokenCall {
  readonly refreshToken: string;
}

/** @see RFC 6749 §4.1.3, RFC 7636 §4.5 */
export interface CodeCall extends TokenCall {
  readonly code: string;
  /** As in the authorization request, to the letter. */
  readonly redirectUri: string;
  /** Absent: no PKCE. */
  readonly codeVerifier: string | undefined;
}

/**
 * What came of one refresh, or of one exchange of an authorization code.
 *
 * - `not_sent`: DNS, connect or TLS failed before any byte of the request left. The token is unspent.
 * - `fenced`: `mayStillSend` said no when the connection was up. Nothing was sent.
 * - `ambiguous`: bytes may have left and no usable answer came: the token may be spent and its
 *   successor lost. Also 408, 425 and every 5xx without an error code of OAuth: a proxy says them after
 *   the server committed.
 * - `tokens`: a success. Whatever was wrong with it is in `deviations` and is looked at only after the token
 *   is stored. `refreshToken` is `undefined` when it held none: the old one stays good (RFC 6749 §6).
 * - `refused`: the server understood and declined; the token is unspent, or dead. `dead` speaks of
 *   the refresh token, `client` of our own credential, `configuration` of the request (redirects
 *   too: they are never followed), `retry_later` of now.
 *
 * Which answer is which is decided by `decideTokenAnswer`; the table is in docs/refresh-protocol.md.
 *
 * No reason, deviation or cause holds any part of a body or of a token.
 */
export type TokenAnswer =
  | { readonly kind: 'fenced' }
  | {
      readonly kind: 'not_sent';
      readonly reason: string;
      /** The settings of the provider make the request impossible: waiting does not help. */
      readonly isOfSettings?: boolean | undefined;
      readonly cause?: unknown;
    }
  | {
      readonly kind: 'ambiguous';
      readonly reason: string;
      readonly cause?: unknown;
      readonly httpStatus?: number | undefined;
      readonly retryAfterSeconds?: number | undefined;
      /**
       * What came, where a new token may be in it: for a person, and only ever sealed. Of the body the first 64 KiB.
       * A function, so that nothing that prints an answer prints it. Absent: nothing worth keeping came.
       */
      readonly evidence?: (() => string) | undefined;
    }
  | {
      readonly kind: 'tokens';
      readonly refreshToken: string | undefined;
      readonly accessToken: string | undefined;
      /** Both as stated: a length, or the instant of the end, in seconds or milliseconds. */
      readonly accessTokenExpiresInSeconds: number | undefined;
      readonly refreshTokenExpiresInSeconds: number | undefined;
      readonly scope: string | undefined;
      /** As the answer says it; absent: it says none. */
      readonly tokenType?: string | undefined;
      /** Id of the account, where the profile says that an answer names it. */
      readonly account?: string | undefined;
      /** `nonce` of the ID token that named the account; absent: it has none. */
      readonly nonce?: string | undefined;
      readonly httpStatus: number;
      /** The server's own clock from its `date` header, for deadlines; absent: it sent none. */
      readonly serverDateEpochMs: number | undefined;
      readonly deviations: readonly AnswerDeviation[];
    }
  | {
      readonly kind: 'refused';
      /** The provider's code, when it is one that cannot be a secret; absent: none, or not printable. */
      readonly oauthError: string | undefined;
      readonly httpStatus: number;
      readonly class: RefusalClass;
      readonly retryAfterSeconds: number | undefined;
    };
/** One that holds tokens. */
export type Tokens = Extract<TokenAnswer, { kind: 'tokens' }>;

/** The token endpoint of a provider. */
export interface AuthorizationServer {
  /**
   * Sends one refresh, once: no retry, no redirect, a fresh connection. Never rejects: everything
   * that can happen to the exchange is an answer, because a throw could carry a token away with it.
   */
  refresh(call: RefreshCall): Promise<TokenAnswer>;
}

/** The token endpoint of a provider, for a consent. */
export interface CodeExchange {
  /** Sends one authorization code, once, as `refresh` sends a token: a code whose answer was lost is spent. Never rejects. */
  exchangeCode(call: CodeCall): Promise<TokenAnswer>;
}

/** A signature by a key that this process may not hold, as when it stays in Key Vault. */
export interface AssertionSigner {
  /** JOSE name of the algorithm, as in `PS256`. */
  readonly algorithm: AssertionAlgorithm;
  /** `kid` of the assertion's header; absent: none is sent. */
  readonly keyId?: string | undefined;
  /** base64url SHA-256 of the certificate (`x5t#S256`), which Entra ID needs; absent: none is sent. */
  readonly certificateThumbprintSha256?: string | undefined;
  sign(signingInput: Uint8Array): Promise<Uint8Array>;
}

export interface SignerChoice {
  /** Absent: what the key prescribes (RS256 for RSA), or the provider wants. */
  readonly algorithm?: AssertionAlgorithm | undefined;
  /** For a key of RSA where `algorithm` is absent; absent: RS256. */
  readonly rsaDefault?: AssertionAlgorithm | undefined;
}

/**
 * The clients' own credentials, in Key Vault: asked before anything is spent, never afterwards. Reads anew on
 * every call: a secret that was rotated an hour ago must not be sent.
 */
export interface ClientCredentialStore {
  /** The value of a secret, and when its version was made where the vault says so; an empty one is `rejected`. */
  readSecret(
    secret: CredentialObject,
  ): Promise<StoreAnswer<{ readonly value: string; readonly createdEpochMs?: number | undefined }>>;
  /** A signer whose key stays in the vault, and which has proven that it may sign. */
  openSigner(
    key: CredentialObject,
    choice: SignerChoice,
  ): Promise<StoreAnswer<{ readonly signer: AssertionSigner; readonly createdEpochMs?: number | undefined }>>;
  /**
   * A token that Entra ID gives the identity of this process for an audience: what a provider that trusts that
   * identity takes instead of a secret. @see RFC 7523 §3
   */
  identityToken(audience: string): Promise<StoreAnswer<{ readonly token: string }>>;
}
