import type { ProviderProfile } from '../domain/providerProfile.ts';

/** A signature by a key that this process may not hold, as when it stays in Key Vault. */
export interface AssertionSigner {
  /** JOSE name of the algorithm, as in `PS256`. */
  readonly algorithm: 'RS256' | 'PS256' | 'ES256';
  /** `kid` of the assertion's header; absent: none is sent. */
  readonly keyId?: string | undefined;
  /** base64url SHA-256 of the certificate (`x5t#S256`), which Entra ID needs; absent: none is sent. */
  readonly certificateThumbprintSha256?: string | undefined;
  sign(signingInput: Uint8Array): Promise<Uint8Array>;
}

/** The client's own credential, read from the vault before anything is spent. */
export type ResolvedClientAuthentication =
  | { readonly method: 'client_secret_basic'; readonly clientSecret: string }
  | { readonly method: 'client_secret_post'; readonly clientSecret: string }
  | {
      readonly method: 'private_key_jwt';
      readonly signer: AssertionSigner;
      readonly audience?: string | undefined;
    }
  | { readonly method: 'none' };

export interface RefreshCall {
  readonly grantId: string;
  readonly profile: ProviderProfile;
  readonly clientId: string;
  readonly clientAuthentication: ResolvedClientAuthentication;
  readonly refreshToken: string;
  /** For the whole exchange, from connecting to the last byte; below the lease. */
  readonly timeoutMs: number;
}

/**
 * What came of one refresh.
 *
 * - `not_sent`: DNS, connect or TLS failed before any byte of the request left. The token is unspent.
 * - `ambiguous`: bytes may have left and no usable answer came: the token may be spent and its
 *   successor lost. Also HTTP 5xx other than 503: a gateway says 502 or 504 after the server committed.
 * - `tokens`: the answer held a token. Whatever else was wrong with it is in `faults`, in words, and
 *   is looked at only after the token is stored. `refreshToken` is `undefined` when the answer held
 *   none: the old one stays good (RFC 6749 §6).
 * - `refused`: the server understood and declined; the token is unspent, or dead. `dead` speaks of
 *   the refresh token, `client` of our own credential, `configuration` of the request (redirects
 *   too: they are never followed), `retry_later` of now.
 *
 * No reason, fault or cause holds any part of a body or of a token.
 */
export type TokenAnswer =
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
    }
  | {
      readonly kind: 'tokens';
      readonly refreshToken: string | undefined;
      readonly accessToken: string | undefined;
      readonly accessTokenExpiresInSeconds: number | undefined;
      readonly refreshTokenExpiresInSeconds: number | undefined;
      readonly scope: string | undefined;
      readonly httpStatus: number;
      /** The server's own clock from its `date` header, for deadlines; absent: it sent none. */
      readonly serverDateEpochMs: number | undefined;
      readonly faults: readonly string[];
    }
  | {
      readonly kind: 'refused';
      /** The provider's code, when it is one that cannot be a secret; absent: none, or not printable. */
      readonly oauthError: string | undefined;
      readonly httpStatus: number;
      readonly class: 'dead' | 'client' | 'configuration' | 'retry_later';
      readonly retryAfterSeconds: number | undefined;
    };

/** The token endpoint of a provider. */
export interface AuthorizationServer {
  /**
   * Sends one refresh, once: no retry, no redirect, a fresh connection. Never rejects: everything
   * that can happen to the exchange is an answer, because a throw could carry a token away with it.
   */
  refresh(call: RefreshCall): Promise<TokenAnswer>;
}
