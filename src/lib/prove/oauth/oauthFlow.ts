import type { ClientAuth } from 'oauth4webapi';
import { isLoopback } from '../../kernel/vaultUrl.ts';
import { type FlowOptions, proveByPost, type TokenPost, unsent } from '../http/tokenPost.ts';
import type { ClientCredentialsFlow, ProvedClient } from '../ports.ts';

const authentication =
  ({ headers = {}, parameters = {} }: TokenPost['proof']): ClientAuth =>
  (_server, _client, body, sentHeaders) => {
    for (const [name, value] of Object.entries(parameters)) body.set(name, value);
    for (const [name, value] of Object.entries(headers)) sentHeaders.set(name, value);
  };

const parametersOf = ({ scopes, audience }: ProvedClient): Record<string, string> => ({
  ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  ...(audience === undefined ? {} : { audience }),
});

/**
 * The client credentials flow at a server of the standard: the request by oauth4webapi. Its reading of the answer
 * is not used: beside a `WWW-Authenticate` it does not look at the error, and it takes no token of an odd lifetime.
 * @see RFC 6749 §4.4
 */
export const oauthFlow = (options: FlowOptions): ClientCredentialsFlow => ({
  async request(client, context) {
    const { issuer } = client;
    if (issuer.kind !== 'oauth') return unsent(client, 'it is a client of Entra ID');
    const { tokenEndpoint } = issuer;
    return proveByPost(options, client, context, tokenEndpoint, async ({ proof, send }) => {
      const oauth = await import('oauth4webapi');
      await oauth.clientCredentialsGrantRequest(
        { issuer: issuer.issuer ?? new URL(tokenEndpoint).origin, token_endpoint: tokenEndpoint },
        { client_id: client.clientId },
        authentication(proof),
        parametersOf(client),
        {
          [oauth.allowInsecureRequests]: options.allowLoopback === true && isLoopback(tokenEndpoint),
          [oauth.customFetch]: async (url, { headers, body }) => {
            await send(url, headers, body.toString());
            return new Response();
          },
        },
      );
    });
  },
});
