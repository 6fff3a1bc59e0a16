import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { ResolvedClientAuthentication } from '../../oauth/ports/authorizationServer.ts';
import { readClientSecret } from '../../oauth/rules/clientSecret.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import { type FailedOutcome, failedBeforeSending } from '../refreshOutcome.ts';
import { readStoredToken } from '../rules/storedToken.ts';
import type { Attempt, LatestToken } from './attempt.ts';

type Credentials =
  | { readonly ok: true; readonly clientAuthentication: ResolvedClientAuthentication }
  | { readonly ok: false; readonly outcome: FailedOutcome };

/** Everything that a request has to prove, read and looked at before anything is written or spent. */
export const readCredentials = async (
  { ports, grant }: Pick<Attempt, 'ports' | 'grant'>,
  latest: LatestToken,
): Promise<Credentials> => {
  const token = readStoredToken(latest.value);
  if (!token.ok) return { ok: false, outcome: failedBeforeSending(token) };
  const client = await ports.clientAuthentication.resolve(grant);
  if (!client.ok) {
    return { ok: false, outcome: failedBeforeSending(client) };
  }
  const { clientAuthentication } = client;
  if ('clientSecret' in clientAuthentication) {
    const secret = readClientSecret(clientAuthentication.clientSecret, whereClientSecretIs(grant));
    if (!secret.ok) return { ok: false, outcome: failedBeforeSending(secret) };
  }
  return { ok: true, clientAuthentication };
};

const whereClientSecretIs = ({ clientCredential: client }: Grant): string =>
  'secret' in client
    ? `secret ${client.secret.name} of ${vaultNameOf(client.secret.vaultUrl)}`
    : 'its secret';
