import { grantCredentialId } from '../credentials/credentialIds.ts';
import { permanentFailure } from '../kernel/failure.ts';
import { type HoldSecret, holdAnswered } from '../oauth/holdingCredentials.ts';
import type { CodeExchange, TokenAnswer, Tokens } from '../oauth/ports.ts';
import type { AnswerDeviation } from '../oauth/rules/answerDeviation.ts';
import type { Grant } from '../oauth/rules/grant.ts';
import { type AskedScopes, excessScopes } from '../oauth/rules/grantedScopes.ts';
import type { Consent } from '../refresh/refresher.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { nonceOf } from './attempt.ts';
import type { AskedProvider } from './rules/askedProvider.ts';
import { hasNonce } from './rules/authorizationRequest.ts';
import type { CallbackJudgement } from './rules/callback.ts';
import { exchangeFailure } from './rules/exchangeFailure.ts';
import { type ConsentWanted, judgeTokens } from './rules/judgeTokens.ts';

/** A code that a callback brought, with what it is bound to. */
export interface TakenCode {
  readonly callback: Extract<CallbackJudgement, { ok: true }>;
  readonly redirectUri: string;
  readonly verifier: string;
  readonly hold: HoldSecret;
}

/** What is judged of the tokens of a consent. */
export interface Wanted {
  readonly grant: Grant;
  readonly isOtherAccountMeant: boolean;
}

/** What the refresh asks of a code that was taken: it is exchanged, and what comes of it judged. */
export const consentOf = (
  { server, telemetry }: { readonly server: CodeExchange; readonly telemetry: Telemetry },
  wanted: Wanted,
  profile: AskedProvider,
  { callback, redirectUri, verifier, hold }: TakenCode,
): Consent => ({
  async exchange(call) {
    let answered: TokenAnswer | undefined;
    const { id: grantId, clientId } = wanted.grant;
    const codeVerifier = profile.authorization.pkce === 'none' ? undefined : verifier;
    const send = async (): Promise<TokenAnswer> => {
      const { code } = callback;
      const bound = { code, redirectUri, codeVerifier };
      answered = await server.exchangeCode({ ...call, ...bound, grantId, clientId, profile });
      if (answered.kind === 'tokens') holdTokens(answered, hold);
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
    if (answer.kind !== 'tokens') return exchangeFailure(answer, profile);
    const deviations = [...answer.deviations, ...excess(answer, wantedOf(wanted, profile))];
    return { ok: true, answer: { ...answer, account: answer.account ?? callback.account, deviations } };
  },
  judge: (answer, before) =>
    hasNonce(profile.authorization) && answer.account !== undefined && answer.nonce !== nonceOf(verifier)
      ? permanentFailure({
          code: 'nonce_mismatch',
          message: `The ID token of ${profile.displayName} is not that of this request; nothing was changed.`,
          action:
            answer.nonce === undefined
              ? 'It repeats no nonce: ask the provider why. Where it never does, leave authorization.accountIdentity out of a provider of your own; a consent of another account is not noticed then.'
              : 'Start again; if it lasts, ask the provider whose ID token that was.',
        })
      : judgeAnswer(answer, before, wanted, profile),
});

/** Whether tokens that were got may replace those of the grant. */
export const judgeAnswer = (
  answer: Tokens,
  { account: accountBefore }: Parameters<Consent['judge']>[1],
  wanted: Wanted,
  profile: AskedProvider,
): ReturnType<Consent['judge']> => judgeTokens(answer, { ...wantedOf(wanted, profile), accountBefore });

/** Names the tokens of an answer as secrets. */
export const holdTokens = ({ refreshToken, accessToken }: Tokens, hold: HoldSecret): void => {
  holdAnswered(refreshToken, hold);
  holdAnswered(accessToken, hold);
};

const wantedOf = (
  { grant: { scopes = [] }, isOtherAccountMeant }: Wanted,
  { displayName: provider, authorization, extraParameters: { scope: requested } }: AskedProvider,
): Omit<ConsentWanted, 'accountBefore'> => ({
  ...{ provider, authorization, scopes, requested, isOtherAccountMeant },
});

const excess = ({ scope }: Tokens, wanted: AskedScopes): readonly AnswerDeviation[] => {
  const { length } = excessScopes(wanted, scope);
  return length === 0
    ? []
    : [
        {
          code: 'excess_scope',
          text: `it grants ${length} of its scopes without having been asked for them`,
        },
      ];
};
