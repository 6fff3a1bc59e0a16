import { describe, expect, it } from 'vitest';
import { health } from '../../../src/functions/health.ts';
import { composeWith } from '../../fakes/composedKeywatch.ts';
import { invocation } from '../../fakes/invocation.ts';
import { VAULT_URL } from '../../fakes/metadata.ts';

describe('health', () => {
  it('is 200 when the application can work', async () => {
    composeWith({ [VAULT_URL]: {} });
    expect(await health(undefined, invocation().context)).toMatchObject({
      status: 200,
      jsonBody: { status: 'healthy' },
      headers: { 'cache-control': 'no-store' },
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
