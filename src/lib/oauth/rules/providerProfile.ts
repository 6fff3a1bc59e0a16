import type { ClientAuthenticationMethodName } from '../clientAuthentication/methods.ts';
import type { AssertionAlgorithm } from './assertionAlgorithm.ts';
import type { AuthorizationFacts } from './authorizationFacts.ts';

/**
 * What becomes of the old refresh token when a new one is issued. The class decides how an answer
 * that got lost may be retried; whether a token did rotate is read from every answer, never assumed.
 *
 * - `static`: the same token stays good; answers usually carry none.
 * - `keeps_old`: a new one is issued and the old one keeps working.
 * - `grace`: the old one may be used again for `graceSeconds` after the first use.
 * - `strict`: the old one dies at once, and using it again may revoke the whole grant. Every provider
 *   whose behaviour is not documented is treated as strict.
 */
export type RotationClass =
  | { readonly kind: 'static' }
  | { readonly kind: 'keeps_old' }
  | { readonly kind: 'grace'; readonly graceSeconds: number }
  | { readonly kind: 'strict' };

/**
 * Where the parameters of a refresh travel. `query` puts the token into the URL, where gateways log
 * it: only for a provider that accepts nothing else.
 */
export type TokenRequestBodyFormat = 'form' | 'json' | 'query';

/** How a provider reports an error inside an HTTP 200. */
export interface ErrorIn200 {
  /** JSON pointer to the error's code, as in `/error`. */
  readonly path: string;
  /** The codes there that mean: this refresh token is dead. */
  readonly deadValues: readonly string[];
}

/** A setting at the provider, or another kind of credential, that would make losing a token impossible or rarer. */
export interface ProviderAdvice {
  readonly code:
    | 'enable_grace'
    | 'disable_rotation'
    | 'federated_credential'
    | 'no_refresh_token_flow'
    | 'publish_app';
  /** One sentence that says what to set, and where. */
  readonly text: string;
}

/** One cheap call that uses an access token, and what a good one is answered. It asks, and changes nothing. */
export interface ProofCall {
  /** https, with a query where the resource wants one; never with a secret in it. */
  readonly url: string;
  /** Absent: GET. */
  readonly method?: 'GET' | 'POST' | undefined;
  /** Absent: any from 200 to 299. */
  readonly expectedStatus?: number | undefined;
  /** Scope without which a good token is refused there; absent: none is known. */
  readonly scope?: string | undefined;
}

/** How one authorization server behaves towards a refresh token. Data only: presets and config give it. */
export interface ProviderProfile {
  /** As named in the config: `entra`, `salesforce_rtr`, or the name of a custom provider. */
  readonly id: string;
  readonly displayName: string;
  readonly rotation: RotationClass;
  /** Days after the last use at which an unused token dies; absent: no idle limit is known. */
  readonly idleDays?: number | undefined;
  /** Days after which a token dies however often it is used; absent: no absolute limit is known. */
  readonly absoluteDays?: number | undefined;
  /** `first_consent`: rotation does not extend the absolute limit; `issue`: each new token starts again. */
  readonly absoluteFrom: 'first_consent' | 'issue';
  /** https only (loopback http in local mode). May hold `{name}` placeholders: see `endpointVariables`. */
  readonly tokenEndpoint: string;
  /** Where refreshes go when that is not the token endpoint. */
  readonly refreshUrl?: string | undefined;
  /** Names of the `{name}` placeholders of the URLs that the config has to fill (tenant, domain, region). */
  readonly endpointVariables: readonly string[];
  readonly clientAuthenticationMethod: ClientAuthenticationMethodName;
  /** Whether id and secret are form-encoded before they are joined for Basic, as RFC 6749 §2.3.1 has it; true when absent. */
  readonly basicFormEncoding?: boolean | undefined;
  /** What an RSA key signs assertions with for this provider; RS256 when absent. */
  readonly rsaAssertionAlgorithm?: AssertionAlgorithm | undefined;
  readonly bodyFormat: TokenRequestBodyFormat;
  /** The `accept` header of a refresh. */
  readonly accept: string;
  /** JSON pointer to the object of the answer that holds the tokens; `''` is the whole answer. */
  readonly tokenPath: string;
  readonly errorIn200?: ErrorIn200 | undefined;
  /**
   * Words of this provider, before those that everybody knows: each is a whole error code, or stands by
   * itself in a description, whatever its case. These mean: the refresh token is dead.
   */
  readonly deadErrors: readonly string[];
  /** Such words that mean: not now; the token is as good as before. They come before `deadErrors`. */
  readonly retryErrors: readonly string[];
  /** Such words that mean: the client's own credential is refused. */
  readonly clientErrors: readonly string[];
  /** Such words that mean: the request or a setting is at fault. */
  readonly configurationErrors: readonly string[];
  /** Members of the answer that say how long the refresh token lives, or when it ends; the first found wins. */
  readonly refreshTokenExpiryFields: readonly string[];
  /** Unit of every lifetime in the answer. */
  readonly expiryUnit: 's' | 'ms';
  /** Sent with every refresh beside the standard parameters; may not replace one of those. */
  readonly extraParameters: Readonly<Record<string, string>>;
  /** Where the server says whether an access token is good; absent: nowhere that is known. @see RFC 7662 */
  readonly introspectionEndpoint?: string | undefined;
  /** How a person is asked for a consent; absent: `npm run connect` cannot ask. */
  readonly authorization?: AuthorizationFacts | undefined;
  /** What shows, after a refresh, that the new access token is accepted; absent: nothing is called. */
  readonly proofCall?: ProofCall | undefined;
  /** Refreshes per 10 minutes that the token endpoint bears; absent: no limit is known. */
  readonly maxRefreshPer10Minutes?: number | undefined;
  /** Pages that the facts above come from; empty for a custom provider. */
  readonly sources: readonly string[];
  /** What no source states, in words; each such fact has the value that is safe when it is wrong. */
  readonly unknowns: readonly string[];
  readonly advice: readonly ProviderAdvice[];
}

/** What a custom provider may leave out: everything but a name and an endpoint. Unknown facts are taken as strict. */
export const CUSTOM_PROVIDER_DEFAULTS = {
  rotation: { kind: 'strict' },
  absoluteFrom: 'first_consent',
  endpointVariables: [],
  clientAuthenticationMethod: 'client_secret_post',
  bodyFormat: 'form',
  accept: 'application/json',
  tokenPath: '',
  deadErrors: [],
  retryErrors: [],
  clientErrors: [],
  configurationErrors: [],
  refreshTokenExpiryFields: [
    'refresh_token_expires_in',
    'refresh_expires_in',
    'x_refresh_token_expires_in',
    'refresh_token_expires_at',
  ],
  expiryUnit: 's',
  extraParameters: {},
  sources: [],
  unknowns: [],
  advice: [],
} as const satisfies Partial<ProviderProfile>;

export const refreshUrlOf = ({ refreshUrl, tokenEndpoint }: ProviderProfile): string =>
  refreshUrl ?? tokenEndpoint;
