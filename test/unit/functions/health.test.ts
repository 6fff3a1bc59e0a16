import { describe, expect, it } from 'vitest';
import { health } from '../../../src/functions/health.ts';
import { composeWith } from '../../fakes/composedScanner.ts';
import { invocation } from '../../fakes/invocation.ts';
import { VAULT_URL } from '../../fakes/metadata.ts';

describe('health', () => {
  it('is 200 when the application can work, and says how much is watched, and names none of it', async () => {
    const subscription = '0a0a0a0a-1111-4222-8333-444444444444';
    composeWith({ [VAULT_URL]: {} }, { KEYWATCH_SUBSCRIPTIONS: subscription });
    const answer = await health(undefined, invocation().context);
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(answer.jsonBody).toEqual({
      status: 'healthy',
      watches: { vaults: 1, subscriptions: 1, directories: 0, grants: 0, clients: 0, rotations: 0 },
    });
    expect(JSON.stringify(answer)).not.toMatch(/kv-|0a0a/);
  });

  it('is 200 of an app that watches nothing, and says so', async () => {
    composeWith({});
    expect(await health(undefined, invocation().context)).toMatchObject({
      status: 200,
      jsonBody: { watches: { vaults: 0, subscriptions: 0 } },
    });
  });

  it('is 503 when it cannot, with the fault in the log and not in the answer', async () => {
    composeWith({}, { KEYWATCH_VAULTS: 'kv-private' });
    const { context, logs } = invocation();
    const answer = await health(undefined, context);
    expect(answer).toMatchObject({ status: 503, jsonBody: { status: 'unhealthy' } });
    expect(JSON.stringify(answer)).not.toContain('kv-private');
    expect(logs).toMatchObject([{ level: 'error', text: expect.stringContaining('kv-private') }]);
  });
});
