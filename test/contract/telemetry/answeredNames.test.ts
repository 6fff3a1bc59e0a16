import { afterAll, expect, it } from 'vitest';
import { startCapturedTelemetry } from '../../fakes/captureTelemetry.ts';

const { telemetry, redactor, take } = startCapturedTelemetry();
afterAll(() => telemetry.close(10_000));

const VAULT = 'kv-contoso-payments';
const OWNER = 'payments-team@contoso.example';
const HOST = 'api.payments.example';

const plant = async (words: string) => {
  telemetry.event('keywatch.credential.observed', {
    credentialId: `${VAULT}/secret/payment-gateway-key`,
    kind: 'secret',
    vault: VAULT,
    name: 'payment-gateway-key',
    status: 'valid',
    owner: OWNER,
    runId: 'scan-0000-0000-0001',
    mode: 'full',
  });
  telemetry.failure({
    ok: false,
    code: 'control_unavailable_for_long',
    retryable: true,
    message: words,
    action: words,
    subject: { credentialId: 'grant/payments-provider', vault: VAULT, owner: OWNER },
  });
  telemetry.metric('keywatch.credentials', 3, { vault: VAULT, status: 'valid' });
  await telemetry.httpCall(
    { method: 'POST', url: `https://${HOST}/token`, credentialId: 'grant/payments-provider' },
    async () => 401,
    Number,
  );
  return take();
};

const identities = (envelopes: Awaited<ReturnType<typeof take>>) =>
  envelopes.map(({ data, tags }) => {
    const { properties = {}, target } = data.baseData as {
      properties?: Record<string, unknown>;
      target?: string;
    };
    const { action: _action, ...identifying } = properties;
    return { identifying, target, role: tags?.['ai.cloud.role'] };
  });

it('a token of an answer takes no name, owner, host or code out of what alerts group by', async () => {
  const before = identities(await plant('nothing'));
  const chosen = [VAULT, OWNER, HOST, 'payment-gateway-key', 'grant/payments-provider'];
  const more = ['control_unavailable_for_long', 'scan-0000-0000-0001', 'kv-contoso-payments/secret'];
  const forget = [...chosen, ...more].map((value) => redactor.registerSecret(value, 'token'));
  const after = await plant(`the token ${VAULT} in words`);
  for (const one of forget) one();
  expect(identities(after)).toEqual(before);
  expect(JSON.stringify(after)).toContain('the token [redacted] in words');
});

it('a secret of the client is taken out of everything, wherever it stands', async () => {
  const forget = redactor.registerSecret(OWNER);
  const text = JSON.stringify(await plant(`it is ${OWNER}`));
  forget();
  expect(text).not.toContain(OWNER);
});

it('nothing of a secret is left where a text is cut', async () => {
  const secret = 'cnry-client-secret-0123456789';
  const forget = redactor.registerSecret(secret);
  const seen: string[] = [];
  for (let before = 8_150; before <= 8_195; before += 3) {
    telemetry.event('keywatch.finding.observed', {
      credentialId: 'kv/secret/x',
      vault: 'kv',
      finding: 'malformed_tag',
      detail: `${'x'.repeat(before)}${secret} and more`.repeat(2),
      runId: 's',
    });
    await telemetry.httpCall(
      {
        method: 'POST',
        url: `https://${HOST}/${'p'.repeat(before - 7_160)}${secret}`,
        credentialId: 'grant/x',
      },
      async () => 200,
      (status) => status,
    );
  }
  seen.push(JSON.stringify(await take()));
  forget();
  expect(seen.join('')).not.toContain(secret.slice(0, 8));
  expect(seen.join('')).toContain('… [cut]');
});
