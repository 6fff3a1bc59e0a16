import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchWithGrant } from '../../../samples/token.ts';
import { oneRefusedToken, refusedForGood, startTokenService } from '../../fakes/startTokenService.ts';

const BY = 'identity for api-client-id/.default';

const consumer = async (plays: { isThere?: boolean; refusedTokens?: number }) => {
  const service = await startTokenService();
  onTestFinished(service.stop);
  service.plays(plays);
  const call = fetchWithGrant({
    keywatch: service.address,
    clientId: 'api-client-id',
    grant: 'crm-bookings',
    credential: {
      getToken: async (scope) => ({ token: `identity for ${scope}`, expiresOnTimestamp: Number.MAX_VALUE }),
    },
  });
  return { seen: service.seen, call: async () => (await call(`${service.address}/partner`)).status };
};

describe('the sample in TypeScript', () => {
  it('reports a refused token once by its hash, calls once more, and keeps the new one', async () => {
    const { seen, call } = await consumer({ refusedTokens: 1 });
    expect([await call(), await call()]).toEqual([200, 200]);
    expect(seen).toEqual(oneRefusedToken(BY));
  });

  it('hands a second refusal on, instead of trying for ever', async () => {
    const { seen, call } = await consumer({ refusedTokens: 9 });
    expect(await call()).toBe(401);
    expect(seen).toEqual(refusedForGood(BY));
  });

  it('asks once for all that call at the same time, and reports once what they all saw refused', async () => {
    const { seen, call } = await consumer({ refusedTokens: 1 });
    const statuses = await Promise.all(Array.from({ length: 20 }, call));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(seen.filter((each) => each.startsWith('POST'))).toHaveLength(2);
  });

  it('says which grant there is no token for', async () => {
    const { call } = await consumer({ isThere: false });
    await expect(call()).rejects.toThrow(
      'Keywatch answered 503 for the grant crm-bookings; seconds to wait: 7',
    );
  });
});
