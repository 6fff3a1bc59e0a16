import type { Clock } from '../kernel/clock.ts';
import type { ClientCredentialsFlow } from '../prove/ports.ts';
import { whileSettling } from '../prove/rules/settling.ts';
import type { SecretProof } from '../rotate/ports.ts';

/** Proves a secret that is in hand, by the flow that proves those of the vault. */
export const secretProof = (flow: ClientCredentialsFlow, clock: Pick<Clock, 'nowEpochMs'>): SecretProof => ({
  async prove({ rotation, secret, madeEpochMs }, context) {
    const { id, appId: clientId, tenantId, authorityHost, scope } = rotation;
    const parameters = { client_id: clientId, client_secret: secret };
    const credential = {
      method: 'client_secret_post',
      objects: [],
      whenRefused: '',
      open: async () => ({ ok: true as const, authenticate: async () => ({ parameters }) }),
    };
    const issuer = { kind: 'entra' as const, tenantId, authorityHost };
    const proven = await flow.request({ id, clientId, issuer, credential, scopes: [scope] }, context);
    return proven.ok ? { ok: true } : whileSettling(proven, madeEpochMs, clock.nowEpochMs());
  },
});
