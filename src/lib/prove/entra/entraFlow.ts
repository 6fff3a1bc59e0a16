import type { Configuration, INetworkModule } from '@azure/msal-node';
import { textOf } from '../../kernel/bodyText.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import { type FlowOptions, proveByPost, type TokenPost, unsent } from '../http/tokenPost.ts';
import type { ClientCredentialsFlow, ProvedClient, TokenIssuer } from '../ports.ts';

type EntraIssuer = Extract<TokenIssuer, { kind: 'entra' }>;

const authorityOf = ({ authorityHost, tenantId }: EntraIssuer): string =>
  `https://${authorityHost}/${encodeURIComponent(tenantId)}`;

const tokenEndpointOf = (issuer: EntraIssuer): string => `${authorityOf(issuer)}/oauth2/v2.0/token`;

/** What discovery would say: without it MSAL asks for it before each proof, and MSAL_FORCE_REGION changes the host. */
const metadataOf = (issuer: EntraIssuer): string => {
  const authority = authorityOf(issuer);
  return JSON.stringify({
    issuer: `${authority}/v2.0`,
    token_endpoint: tokenEndpointOf(issuer),
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  });
};

/** MSAL's own client follows redirects with the secret in hand, waits for ever, and hides the status. */
const networkClient = (send: TokenPost['send']): INetworkModule => ({
  async sendGetRequestAsync() {
    throw new Error('nothing is discovered');
  },
  async sendPostRequestAsync<T>(url: string, options?: { headers?: Record<string, string>; body?: string }) {
    const answer = await send(url, options?.headers ?? {}, options?.body ?? '');
    const body = answer.kind === 'answered' ? jsonObjectOf(textOf(answer.body)) : undefined;
    // Whatever MSAL would make of it: what came is known.
    if (answer.kind === 'unanswered' || body === undefined) throw new Error('no token answer');
    return { status: answer.httpStatus, headers: {}, body: { ...body } as T };
  },
});

const credentialOf = ({ parameters = {}, tls }: TokenPost['proof']): Partial<Configuration['auth']> => {
  const { client_secret: clientSecret, client_assertion: assertion } = parameters;
  if (tls === undefined && clientSecret !== undefined) return { clientSecret };
  if (tls === undefined && assertion !== undefined) return { clientAssertion: async () => assertion };
  throw Object.assign(new Error(), { code: 'client_authentication_unknown_to_entra' });
};

/** One instance a proof: MSAL keeps tokens, and refuses on its own for a while after a failure. */
const askMsal = async (
  { clientId, scopes }: ProvedClient,
  issuer: EntraIssuer,
  { proof, send }: TokenPost,
  claims: string | undefined,
) => {
  const { ConfidentialClientApplication } = await import('@azure/msal-node');
  const application = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: authorityOf(issuer),
      knownAuthorities: [issuer.authorityHost],
      authorityMetadata: metadataOf(issuer),
      ...credentialOf(proof),
    },
    system: {
      networkClient: networkClient(send),
      disableInternalRetries: true,
      loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false },
    },
  });
  await application.acquireTokenByClientCredential({
    scopes: [...scopes],
    ...(claims === undefined ? {} : { claims }),
    skipCache: true,
  });
};

/**
 * The client credentials flow at Entra ID, by MSAL. What came is told by our own network client: MSAL resolves
 * without a token, and rejects without a status.
 */
export const entraFlow = (options: FlowOptions): ClientCredentialsFlow => ({
  async request(client, context) {
    const { issuer } = client;
    if (issuer.kind !== 'entra') return unsent(client, 'it is no client of Entra ID');
    return proveByPost(options, client, context, tokenEndpointOf(issuer), (post) =>
      askMsal(client, issuer, post, context.claims),
    );
  },
});
