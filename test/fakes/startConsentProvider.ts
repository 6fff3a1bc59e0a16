import { reconnectCallbackPath } from '../../src/lib/connect/rules/reconnectPath.ts';
import { PUBLIC_URL } from './composeCallers.ts';
import { startOidcProvider } from './startOidcProvider.ts';

/**
 * An authorization server where anybody may consent, for the client `client`.
 * @param redirectUris absent: those of the deployed app
 * @returns it as a config says it
 */
export const startConsentProvider = async (
  redirectUris = ['strict', 'other'].map((id) => `${PUBLIC_URL}${reconnectCallbackPath(id)}`),
) => {
  const tokens = await startOidcProvider({
    clients: [
      {
        client_id: 'client',
        client_secret: 'secret-of-the-client',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'client_secret_post',
        application_type: 'native',
      },
    ],
    scopes: ['openid', 'offline_access', 'api.read', 'api.write'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    features: { devInteractions: { enabled: true } },
  });
  const issuer = new URL(tokens).origin;
  return {
    tokenEndpoint: tokens,
    authorization: {
      endpoint: `${issuer}/auth`,
      parameters: { prompt: 'consent' },
      scopes: ['openid', 'offline_access'],
      issuer,
      issParameter: 'required',
      accountIdentity: { from: 'id_token', at: '/sub' },
    },
  } as const;
};
