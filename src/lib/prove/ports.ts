import type { ProofOutcome } from '../credentials/proofOutcomes.ts';
import type { Failure } from '../kernel/failure.ts';
import type { ClientCredential, ClientProof } from '../oauth/clientAuthentication/clientCredential.ts';
import type { HoldSecret } from '../oauth/holdingCredentials.ts';

/** Where a client gets its tokens. */
export type TokenIssuer =
  | {
      readonly kind: 'entra';
      /** GUID or a verified domain; never `common`, `organizations` or `consumers`. */
      readonly tenantId: string;
      /** Host, and port where it is not 443: `login.microsoftonline.com`. */
      readonly authorityHost: string;
    }
  | { readonly kind: 'oauth'; readonly tokenEndpoint: string; readonly issuer?: string | undefined };

/** A client of the config whose credential is to be proven. Holds no secret, only where one is kept. */
export interface ProvedClient {
  /** Of the config; the credential is `client/ID`. */
  readonly id: string;
  readonly clientId: string;
  readonly issuer: TokenIssuer;
  readonly credential: ClientCredential;
  /** At Entra ID exactly one, `RESOURCE/.default`. Empty: none is asked for. */
  readonly scopes: readonly string[];
  /** Of other servers: the parameter `audience`. */
  readonly audience?: string | undefined;
}

/** Why there is no token. `code` is the outcome; no member holds a part of a credential, a token or a body. */
export interface ProofFailure extends Failure<ProofOutcome> {
  /** `error` of the answer, where it is one that cannot be a secret. */
  readonly oauthError?: string | undefined;
  /** AADSTS numbers of the answer (`error_codes`), the first one first. */
  readonly numbers?: readonly number[] | undefined;
  /** Of the answer (`x-ms-request-id`): what the support of the server asks for. */
  readonly requestId?: string | undefined;
}

/** A token, issued a moment ago. */
export interface IssuedToken {
  readonly ok: true;
  readonly httpStatus: number;
  /** Not empty, at most as long as a body may be; opaque unless somebody looks. */
  readonly accessToken: string;
  readonly tokenType: string;
  /** Absent: the server did not say, or not as a number of seconds. */
  readonly expiresInSeconds: number | undefined;
  /** What was granted, where the server says so. */
  readonly scope: string | undefined;
}

/** `why` is a part of a sentence for people. */
export interface ProofWait {
  readonly why: string;
  readonly ms: number;
}

export interface ProofContext {
  readonly signal: AbortSignal;
  /** What a resource wants the token to be asked for with, as JSON; only Entra ID has it. Absent: nothing. */
  readonly claims?: string | undefined;
  /** Told of every secret, assertion and token before anything else sees it, so that none can leave. Must not throw. */
  readonly hold: HoldSecret;
  /** Told why and for how long nothing happens before something is asked again. */
  readonly onWait?: ((wait: ProofWait) => void) | undefined;
}

export interface ClientCredentialsFlow {
  /** Gets one token, by one POST that follows no redirect, never from a cache. Never rejects. */
  request(client: ProvedClient, context: ProofContext): Promise<IssuedToken | ProofFailure>;
}

/** What came of one call. `reason` is a sentence for people. */
export type CallAnswer =
  | {
      readonly kind: 'answered';
      readonly httpStatus: number;
      readonly wwwAuthenticate?: string | undefined;
      readonly retryAfterSeconds?: number | undefined;
      /** True: its headers say that all calls of some span of time are used up. */
      readonly isRateSpent?: boolean | undefined;
      readonly contentType?: string | undefined;
    }
  | { readonly kind: 'unanswered'; readonly reason: string; readonly cause?: unknown };

/** What an authorization server says of a token; `active` is absent where it says nothing. */
export type IntrospectionAnswer =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly active: boolean | undefined }
  | { readonly kind: 'unanswered'; readonly reason: string; readonly cause?: unknown };

export interface TokenIntrospection {
  /** Asks whether a token is good, once. Never rejects. @see RFC 7662 §2 */
  introspect(request: {
    readonly url: string;
    readonly token: string;
    readonly proof: ClientProof;
    readonly signal: AbortSignal;
  }): Promise<IntrospectionAnswer>;
}

export interface ResourceCall {
  /** One cheap authenticated call; follows no redirect, its body is bounded. Never rejects. */
  call(request: {
    readonly url: string;
    readonly method: 'GET' | 'POST';
    readonly headers: Readonly<Record<string, string>>;
    /** Absent: the same call without one. */
    readonly token: string | undefined;
    readonly signal: AbortSignal;
  }): Promise<CallAnswer>;
}
