import { type LocalAuthorizationServer, type LocalServerOptions, providerId } from './localServer.ts';
import { startNodeOauthServer } from './nodeOauthServer.ts';
import { oddAnswers } from './oddAnswers.ts';

/**
 * A strict authorization server whose token endpoint conforms to nothing: errors in HTTP 200, tokens inside another
 * object, in a form, under a wrong type, with lifetimes that are no numbers.
 */
export const startOddServer = async (options: LocalServerOptions): Promise<LocalAuthorizationServer> => {
  // Any port of the loopback is the client's (RFC 8252).
  const callbacks = new RegExp(
    `^http://127\\.0\\.0\\.1:\\d+/(api/reconnect/)?callback/${providerId(options)}$`,
  );
  const server = await startNodeOauthServer({
    ...options,
    scope: 'points.read',
    isCallback: (redirectUri) => callbacks.test(redirectUri),
    answerOf: oddAnswers(),
  });
  const errorIn200 = { path: '/error', deadValues: ['invalid_refresh_token'] };
  return { ...server, provider: { ...server.provider, tokenPath: '/authed_user', errorIn200 } };
};
