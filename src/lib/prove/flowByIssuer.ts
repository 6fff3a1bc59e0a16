import type { ClientCredentialsFlow, TokenIssuer } from './ports.ts';

/** Asks each client's own kind of server. */
export const flowByIssuer = (
  flows: Readonly<Record<TokenIssuer['kind'], ClientCredentialsFlow>>,
): ClientCredentialsFlow => ({
  request: (client, context) => flows[client.issuer.kind].request(client, context),
});
