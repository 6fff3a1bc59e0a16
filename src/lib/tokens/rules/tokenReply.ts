import type { TokenSource } from '../../credentials/tokenSources.ts';
import type { TokenTrouble } from '../../credentials/tokenTroubles.ts';

/** What came of asking for an access token. */
export type TokenReply =
  | {
      readonly kind: 'token';
      readonly accessToken: string;
      readonly expiresInSeconds: number;
      /** Absent: the provider did not say. */
      readonly scope: string | undefined;
      readonly seq: number;
      readonly source: TokenSource;
    }
  /** No such grant, or none whose tokens are handed out, or not to this caller: nobody learns which. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'faulty'; readonly status: 400 | 413 | 415; readonly message: string }
  | { readonly kind: 'dead'; readonly reconnectUrl: string | undefined }
  | { readonly kind: 'too_many'; readonly retryAfterSeconds: number; readonly reason: string }
  | {
      readonly kind: 'unavailable';
      readonly trouble: TokenTrouble;
      readonly retryAfterSeconds: number;
      readonly reason: string;
    };

/** An HTTP answer. */
export interface TokenResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly jsonBody: Readonly<Record<string, unknown>>;
}

/** A longer wait is of no use to a caller, and a shorter one is a storm. */
const LONGEST_WAIT_SECONDS = 3600;
const waitSeconds = (seconds: number): number =>
  Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_WAIT_SECONDS);

const NO_STORE = { 'cache-control': 'no-store' };

const failed = (
  status: number,
  error: string,
  description: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): TokenResponse => ({
  status,
  headers: { ...NO_STORE, ...headers },
  jsonBody: { error, error_description: description, ...more },
});

/** In the form of RFC 6749 §5.1 and §5.2; there is no refresh token in it, ever. */
export const tokenResponse = (reply: TokenReply): TokenResponse => {
  switch (reply.kind) {
    case 'token':
      return {
        status: 200,
        headers: { ...NO_STORE, 'keywatch-sequence': String(reply.seq) },
        jsonBody: {
          access_token: reply.accessToken,
          token_type: 'Bearer',
          expires_in: reply.expiresInSeconds,
          scope: reply.scope,
        },
      };
    case 'unknown':
      return failed(404, 'not_found', 'There is no such grant whose access tokens you may have.');
    case 'faulty':
      return failed(reply.status, 'invalid_request', reply.message);
    case 'dead':
      return failed(424, 'grant_dead', 'A person has to consent again.', {
        reconnect_url: reply.reconnectUrl,
      });
    case 'unavailable':
    case 'too_many': {
      const retryAfter = String(waitSeconds(reply.retryAfterSeconds));
      const [status, error] =
        reply.kind === 'too_many'
          ? ([429, 'slow_down'] as const)
          : ([503, 'temporarily_unavailable'] as const);
      return failed(status, error, reply.reason, {}, { 'retry-after': retryAfter });
    }
  }
};
