import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { startCapturedTelemetry } from '../../fakes/captureTelemetry.ts';

const captured = startCapturedTelemetry();
const { telemetry, redactor, capture } = captured;
afterAll(() => telemetry.close(5_000));

/** Everything that was sent, as text, with what JSON escapes undone where it is a value. */
const sent = async (): Promise<string> => {
  await telemetry.flush(60_000);
  const strings: string[] = [];
  JSON.stringify(capture.envelopes, (key, value) => {
    strings.push(key);
    if (typeof value === 'string') strings.push(value);
    return value;
  });
  capture.clear();
  return strings.join('\n');
};

const canary = fc.stringMatching(/^[A-Za-z0-9!$%+/=~_-]{12,48}$/).map((value) => `cnry${value}`);

/** Where a secret may turn up: alone, in an answer, an address, a header, a thrown error. */
const wrappings: ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `the server said ${secret} and left`,
  (secret) => JSON.stringify({ error: 'x', hint: secret }),
  (secret) => `https://login.example.com/cb?code=${encodeURIComponent(secret)}`,
  (secret) => `Basic ${Buffer.from(`client:${secret}`).toString('base64')}`,
  (secret) => `${'long '.repeat(1_637)}${secret} end`,
  (secret) => `${'x'.repeat(32_760)} ${secret}`,
];

const plant = async (text: string) => {
  const cause = new Error(text, { cause: new AggregateError([new Error(text)], text) });
  telemetry.event('keywatch.grant.refreshed', {
    credentialId: text,
    outcome: 'dead',
    provider: text,
    tokenEndpointHost: text,
    durationMs: 1,
    oauthError: text,
    action: text,
    reconnectUrl: text,
  });
  telemetry.metric('keywatch.scan.pages', 1, { vault: text });
  telemetry.failure({
    ok: false,
    code: text,
    retryable: false,
    message: text,
    action: text,
    subject: { owner: text },
    cause,
  });
  telemetry.failure({
    ok: false,
    code: 'x',
    retryable: true,
    message: 'x',
    action: 'x',
    cause: { refresh_token: text },
  });
  const call = { method: 'POST', credentialId: text } as const;
  await telemetry.httpCall({ ...call, url: text }, async () => 401, Number);
  await telemetry.httpCall(
    { ...call, url: `https://u:${text.slice(-40)}@h.example/p?q=${text}` },
    async () => 401,
    Number,
  );
};

it('no registered value leaves, whichever field, address or error carried it', async () => {
  await fc.assert(
    fc.asyncProperty(canary, fc.constantFrom(...wrappings), async (secret, wrap) => {
      const forget = redactor.registerSecret(secret);
      await plant(wrap(secret));
      const text = await sent();
      forget();
      expect(text).toContain('keywatch.grant.refreshed');
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
        expect(text).not.toContain(form);
      // A value that was cut on its way would leave its beginning behind.
      expect(text).not.toContain(secret.slice(0, 8));
    }),
    { numRuns: 40 },
  );
});

it('a token that nobody registered is known by its shape or its name', async () => {
  const opaque = fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/).map((value) => `cnry${value}`);
  const shapes: ((secret: string) => string)[] = [
    (secret) => `refresh_token=${secret}&x=1`,
    (secret) => `{"access_token":"${secret}","scope":"a"}`,
    (secret) => `Authorization: Bearer ${secret}`,
    (secret) => `https://h.example/x?sig=${secret}`,
    (secret) => `eyJhbGciOiJub25lIn0.${secret}.${secret}`,
    (secret) => `AccountName=a;AccountKey=${secret};`,
    (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
  ];
  await fc.assert(
    fc.asyncProperty(opaque, fc.constantFrom(...shapes), async (secret, shape) => {
      await plant(shape(secret));
      expect(await sent()).not.toContain(secret);
    }),
    { numRuns: 40 },
  );
});

it('no secret can spoil a batch: every name that the SDK gives a member is kept as it is', async () => {
  await plant('x');
  await telemetry.flush(60_000);
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) names.add(name);
      if (!['properties', 'measurements', 'tags'].includes(name)) walk(inner);
    }
  };
  walk(capture.envelopes);
  capture.clear();
  expect(names).toContain('baseData');
  for (const name of names) {
    const forget = redactor.registerSecret(name);
    expect(redactor.redact(name)).toBe(name);
    forget();
  }
});

it('spans that someone else records are redacted too', async () => {
  const { trace } = await import('@opentelemetry/api');
  const span = trace.getTracer('elsewhere').startSpan('GET https://h.example/?code=cnry-other');
  span.setAttributes({
    'http.request.method': 'GET',
    'url.full': 'https://u:cnry-pass@h.example/x?code=cnry-other',
    'http.request.header.authorization': 'Bearer cnry-other-token',
  });
  span.recordException(new Error('client_secret=cnry-other'));
  span.end();
  const text = await sent();
  expect(text).toContain('https://[redacted]@h.example/x');
  expect(text).not.toContain('cnry');
});
