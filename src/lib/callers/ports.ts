import type { CallerRefusal } from '../credentials/callerRefusals.ts';
import type { Failure } from '../kernel/failure.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { Caller } from './rules/caller.ts';
import type { SignInRefusal } from './rules/signInRefusals.ts';
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
   * Whose session a cookie names: `undefined` for a handle that nobody was given, or whose session has ended. Where
   * the store does not answer, that is not nobody.
   */
  read(handle: string): Promise<StoreAnswer<{ readonly caller: Caller | undefined }>>;
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

/** Who signed in, as the identity provider says. */
export type SignedIn = Pick<Caller, 'tenantId' | 'objectId' | 'roles'>;

/** What came back with a browser from the identity provider, and what its sign-in was begun with. */
export interface SignInAnswer {
  readonly query: URLSearchParams;
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE. */
  readonly verifier: string;
  /** As in the authorization request, to the letter. */
  readonly redirectUri: string;
}

/** The identity provider, for one authorization code. */
export interface CodeRedeemer {
  /** Who signed in. Sends the code once, never again: one whose answer was lost is spent. Never rejects. */
  redeem(answer: SignInAnswer): Promise<({ readonly ok: true } & SignedIn) | SignInRefusal>;
}
