import { expect, it } from 'vitest';
import { silentTelemetry } from '../../../src/lib/telemetry/silentTelemetry.ts';

it('says once that nothing is sent, and still runs the calls', async () => {
  const said: string[] = [];
  const telemetry = silentTelemetry((sentence) => void said.push(sentence));
  telemetry.metric('keywatch.scan.pages', 1, { vault: 'kv-a' });
  telemetry.failure({ ok: false, code: 'x', retryable: true, message: 'x', action: 'x' });
  const call = { method: 'GET', url: 'https://a.example', credentialId: 'x' } as const;
  expect(
    await telemetry.httpCall(
      call,
      async () => 7,
      () => 200,
    ),
  ).toBe(7);
  expect(await telemetry.flush(1)).toEqual({ finished: true, undeliveredBatches: 0 });
  expect(said).toEqual([expect.stringContaining('APPLICATIONINSIGHTS_CONNECTION_STRING')]);
});
