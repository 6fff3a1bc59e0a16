import * as z from 'zod/mini';
import { optional } from '../../kernel/schema.ts';
import { method } from './method.ts';

/** What Entra ID wants as the audience of a token that stands in for a secret. */
const ENTRA_AUDIENCE = 'api://AzureADTokenExchange';

const clientIdentity = optional(
  z.strictObject({
    audience: optional(z.string(), 'What the token of the identity is for.').check(
      z.meta({ default: ENTRA_AUDIENCE }),
    ),
  }),
  "Write {}: instead of a secret, the token of Keywatch's own managed identity is sent (workload identity federation). The application needs a federated credential with that identity as its subject.",
);

/**
 * A token of the identity of this process, as the assertion: there is no secret that could end or leak.
 * @see RFC 7523 §3
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const federatedIdentity = method({
  name: 'federated_identity',
  meaning: 'a token of the managed identity of Keywatch, which the server trusts',
  members: { clientIdentity },
  hasSharedSecret: false,
  parameters: ['client_id', 'client_assertion', 'client_assertion_type'],
  credential: ({ clientIdentity: { audience = ENTRA_AUDIENCE } }) => ({
    method: 'federated_identity',
    objects: [],
    whenRefused: `, and that it trusts the managed identity of Keywatch (issuer, subject, audience ${audience})`,
    async open(store) {
      const given = await store.identityToken(audience);
      if (!given.ok) return given;
      return {
        ok: true,
        authenticate: async ({ clientId }) => ({
          parameters: {
            client_id: clientId,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: given.token,
          },
        }),
      };
    },
  }),
});
