import { PROOF_OUTCOMES, type ProofOutcome } from '../../credentials/proofOutcomes.ts';
import { textOf } from '../../kernel/bodyText.ts';
import { guidOf } from '../../kernel/guid.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import { isPlainCode } from '../../oauth/rules/refusal.ts';
import type { IssuedToken, ProofFailure, ProvedClient } from '../ports.ts';
import { proofFailure } from '../proofFailure.ts';
import { readEntraAnswer } from '../rules/entraAnswer.ts';
import { outcomeOfAnswer, outcomeOfTlsAlert } from '../rules/oauthAnswer.ts';
import { type TokenMembers, tokenMembersOf } from '../rules/tokenResponse.ts';
import type { HttpAnswer, NoAnswer } from './boundedRequest.ts';
import { retryAfterSecondsOf } from './retryAfterSeconds.ts';

const NOTHING: TokenMembers = tokenMembersOf({});

interface Reading {
  readonly outcome: ProofOutcome;
  readonly saying: string | undefined;
}

const readRefusal = (
  { issuer, credential: { method } }: ProvedClient,
  { httpStatus }: HttpAnswer,
  { error, numbers }: TokenMembers,
  isJson: boolean,
): Reading => {
  const answer = { httpStatus, error, isJson, method };
  if (issuer.kind === 'entra') return readEntraAnswer({ ...answer, numbers });
  return { outcome: outcomeOfAnswer(answer), saying: undefined };
};

const sayingOf = ({ outcome, saying }: Reading, { httpStatus }: HttpAnswer, isJson: boolean): string => {
  if (saying !== undefined) return saying;
  if (httpStatus >= 300 && httpStatus < 400) return 'it redirects elsewhere, which is never followed';
  if (httpStatus === 200 && outcome === 'unavailable') return 'it says 200, and gives no token';
  return isJson ? PROOF_OUTCOMES[outcome].meaning : 'what answered is no token endpoint';
};

/** Servers of the standard say 201 as well, against RFC 6749 §5.1, and their clients take it; Entra ID never does. */
const isSuccess = ({ issuer }: ProvedClient, httpStatus: number): boolean =>
  httpStatus === 200 || (issuer.kind === 'oauth' && httpStatus === 201);

/**
 * What came of one POST to a token endpoint. A token counts only with a success and without an error beside it.
 * @param answer as the network client saw it, whatever a library makes of it
 */
export const tokenResultOf = (
  client: ProvedClient,
  answer: HttpAnswer | NoAnswer,
  nowEpochMs: number,
): IssuedToken | ProofFailure => {
  if (answer.kind === 'unanswered') {
    const { isSent, reason: saying, tlsAlert, httpStatus, cause } = answer;
    const refusal = outcomeOfTlsAlert(client.credential.method, tlsAlert);
    return proofFailure(client, refusal ?? (isSent ? 'unavailable' : 'not_asked'), {
      saying,
      httpStatus,
      cause,
    });
  }
  const { httpStatus } = answer;
  const body = jsonObjectOf(textOf(answer.body));
  const members = body === undefined ? NOTHING : tokenMembersOf(body);
  const { accessToken, tokenType = 'Bearer', expiresInSeconds, scope, error } = members;
  if (isSuccess(client, httpStatus) && accessToken !== undefined && error === undefined)
    return { ok: true, httpStatus, accessToken, tokenType, expiresInSeconds, scope };
  const reading = readRefusal(client, answer, members, body !== undefined);
  return proofFailure(client, reading.outcome, {
    saying: sayingOf(reading, answer, body !== undefined),
    httpStatus,
    oauthError: error !== undefined && isPlainCode(error) ? error : undefined,
    numbers: members.numbers.length === 0 ? undefined : members.numbers,
    requestId: guidOf(answer.header('x-ms-request-id')),
    retryAfterSeconds: retryAfterSecondsOf(answer, nowEpochMs),
  });
};
