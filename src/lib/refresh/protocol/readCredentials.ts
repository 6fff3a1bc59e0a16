import type { ClientAuthentication } from '../../oauth/clientAuthentication/clientCredential.ts';
import { type FailedOutcome, failedBeforeSending } from '../refreshOutcome.ts';
import { readStoredToken } from '../rules/storedToken.ts';
import type { Attempt, LatestToken } from './attempt.ts';

type Credentials =
  | { readonly ok: true; readonly authenticate: ClientAuthentication }
  | { readonly ok: false; readonly outcome: FailedOutcome };

/** Everything that a request has to prove, read and looked at before anything is written or spent. */
export const readCredentials = async (
  { ports, grant }: Pick<Attempt, 'ports' | 'grant'>,
  latest: LatestToken,
): Promise<Credentials> => {
  const token = readStoredToken(latest.value);
  if (!token.ok) return { ok: false, outcome: failedBeforeSending(token) };
  const client = await grant.clientCredential.open(ports.clientCredentials);
  return client.ok ? client : { ok: false, outcome: failedBeforeSending(client) };
};
