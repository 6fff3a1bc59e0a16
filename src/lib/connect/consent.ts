import { type HoldSecret, holdAnswered } from '../oauth/holdingCredentials.ts';
import type { CodeExchange, TokenAnswer } from '../oauth/ports.ts';
import { type Grant, grantCredentialId } from '../oauth/rules/grant.ts';
import type { Consent } from '../refresh/refresher.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { AskedProvider } from './rules/askedProvider.ts';
import type { CallbackJudgement } from './rules/callback.ts';
import { exchangeFailure } from './rules/exchangeFailure.ts';
import { judgeTokens } from './rules/judgeTokens.ts';

/** A code that a callback brought, with what it is bound to. */
export interface TakenCode {
  readonly callback: Extract<CallbackJudgement, { ok: true }>;
  readonly redirectUri: string;
  /** Absent: no PKCE. */
  readonly codeVerifier: string | undefined;
  readonly hold: HoldSecret;
}

/** What the refresh asks of a code that was taken: it is exchanged, and what comes of it judged. */
export const consentOf = (
  { server, telemetry }: { readonly server: CodeExchange; readonly telemetry: Telemetry },
  { grant, isOtherAccountMeant }: { readonly grant: Grant; readonly isOtherAccountMeant: boolean },
  profile: AskedProvider,
  { callback, redirectUri, codeVerifier, hold }: TakenCode,
): Consent => ({
  async exchange(call) {
    let answered: TokenAnswer | undefined;
    const { id: grantId, clientId } = grant;
    const send = async (): Promise<TokenAnswer> => {
      const { code } = callback;
      const bound = { code, redirectUri, codeVerifier };
      answered = await server.exchangeCode({ ...call, ...bound, grantId, clientId, profile });
      if (answered.kind === 'tokens') {
        holdAnswered(answered.refreshToken, hold);
        holdAnswered(answered.accessToken, hold);
      }
      return answered;
    };
    const answer = await telemetry
      .httpCall(
        { method: 'POST', url: profile.tokenEndpoint, credentialId: grantCredentialId(grantId) },
        send,
        (given) => ('httpStatus' in given ? given.httpStatus : undefined),
      )
      // An answer that came is worth more than having told of it.
      .catch(
        (cause: unknown) => answered ?? ({ kind: 'ambiguous', reason: 'the client failed', cause } as const),
      );
    return answer.kind === 'tokens' ? { ok: true, answer } : exchangeFailure(answer, profile);
  },
  judge: (answer, { account: accountBefore }) =>
    judgeTokens(
      { ...answer, account: answer.account ?? callback.account },
      {
        provider: profile.displayName,
        authorization: profile.authorization,
        scopes: grant.scopes ?? [],
        accountBefore,
        isOtherAccountMeant,
      },
    ),
});
