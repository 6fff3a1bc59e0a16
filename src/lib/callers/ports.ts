import type { CallerRefusal } from '../credentials/callerRefusals.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Caller } from './rules/caller.ts';
import type { Claims } from './rules/tokenClaims.ts';

/** Who signs people and programs in: Entra ID of the config's tenant, or in local mode a server of this machine. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly tenantId: string;
  readonly jwksUri: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Proves this app as a client without a secret: a token of its managed identity for api://AzureADTokenExchange. */
  readonly clientAssertion: () => Promise<string>;
}

/** The people who have signed in with a browser. */
export interface Sessions {
  /**
   * Whose session a cookie names.
   * @returns `undefined` for a handle that nobody was given, or whose session has ended
   */
  read(handle: string): Promise<Caller | undefined>;
}

/** A public RSA key, as a JWK. @see RFC 7517 */
export interface SigningKey {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

/** Where the identity provider publishes its signing keys. */
export interface KeySet {
  /** All of them by their names (`kid`), read anew; never rejects, and ends after five seconds. */
  load(): Promise<{ readonly ok: true; readonly keys: ReadonlyMap<string, SigningKey> } | Failure>;
}

/** What a token has to be. */
export interface ExpectedToken {
  readonly issuer: string;
  readonly audience: string;
  readonly nowEpochMs: number;
}

/** Proves that a token was signed by RS256 with this key, and has this issuer and audience, now. */
export interface TokenSignature {
  verify(
    token: string,
    key: SigningKey,
    expected: ExpectedToken,
  ): Promise<
    { readonly ok: true; readonly claims: Claims } | { readonly ok: false; readonly reason: CallerRefusal }
  >;
}
