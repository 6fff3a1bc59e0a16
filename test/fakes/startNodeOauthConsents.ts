import { afterAll } from 'vitest';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { startNodeOauthServer } from '../../src/local/authorizationServers/nodeOauthServer.ts';

/** A second authorization server, by other people, at which anybody may consent: client `client` with its secret. */
export const startNodeOauthConsents = async (redirectUris: readonly string[]) => {
  const server = await startNodeOauthServer({
    ...{ name: 'node-oauth', lifetimeDays: 90, nowEpochMs: systemClock.nowEpochMs, scope: 'api.read' },
    client: { clientId: 'client', clientSecret: 'secret-of-the-client' },
    // To the letter, as most providers compare them.
    isCallback: (redirectUri) => redirectUris.includes(redirectUri),
  });
  afterAll(server.close);
  const { tokenEndpoint } = server;
  const { endpoint = '' } = server.provider.authorization ?? {};
  return { ...server, facts: { tokenEndpoint, authorization: { endpoint } } };
};
