import type { Config } from '../config/config.ts';
import type { ClientCredentialsFlow, ResourceCall, TokenIntrospection } from '../prove/ports.ts';
import type { ProverPorts } from '../prove/prover.ts';
import { clientCredentialStore } from './clientCredentialStore.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';

/** What proving works with, under the identity that reads the secrets of clients anyway; absent where there is none. */
export const connectProve = (
  { clients, grants, allowLoopback }: Config,
  { clock, telemetry, refresher: credential, trusted: ca }: Platform,
): ProverPorts['prove'] => {
  if (clients.length === 0 && !grants.some(({ grant }) => grant.prove === true)) return undefined;
  const store = clientCredentialStore({ credential, allowLoopback, clock });
  return {
    clientCredentials: store,
    flow: openedOnUse<ClientCredentialsFlow>({ request: true }, async () => {
      const [{ entraFlow }, { oauthFlow }] = await Promise.all([
        import('../prove/entra/entraFlow.ts'),
        import('../prove/oauth/oauthFlow.ts'),
      ]);
      const options = { store, clock, telemetry, allowLoopback, ca };
      const flows = { entra: entraFlow(options), oauth: oauthFlow(options) };
      return { request: (client, context) => flows[client.issuer.kind].request(client, context) };
    }),
    introspection: openedOnUse<TokenIntrospection>({ introspect: true }, async () => {
      const { tokenIntrospection } = await import('../prove/resource/tokenIntrospection.ts');
      return tokenIntrospection({ ca });
    }),
    resource: openedOnUse<ResourceCall>({ call: true }, async () => {
      const { resourceCall } = await import('../prove/resource/resourceCall.ts');
      return resourceCall({ clock, ca });
    }),
  };
};
