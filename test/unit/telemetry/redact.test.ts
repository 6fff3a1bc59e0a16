import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/lib/telemetry/redact.ts';
import { anyText } from '../../fakes/anyText.ts';
import { expectLinear } from '../../fault/expectLinear.ts';

const { redact } = createRedactor();
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJrZXl3YXRjaCJ9.c2lnbmF0dXJlLW9mLWl0';

describe('what looks like a secret', () => {
  const canary = 'Zx9canaryQ7';
  const texts = [
    `token ${JWT} was refused`,
    `xx_${JWT}`,
    `Authorization: Bearer ${canary}`,
    `authorization: Basic ${canary}=`,
    `client_secret=${canary}&grant_type=x`,
    `grant_type=refresh_token&refresh_token=${canary}`,
    `refresh_token%3D${canary}%26x`,
    `{"refresh_token":"${canary}","expires_in":3600}`,
    `{\\"access_token\\": \\"${canary}\\"}`,
    `{'client_secret': '${canary} with spaces'}`,
    `callback?code=${canary}&state=s`,
    `GET /api/reconnect?state=${canary}`,
    `https://kv.blob.core.windows.net/c/b?sv=2025&sig=${canary}`,
    `https://user:${canary}@host.example/x`,
    `https://host.example/#access_token=${canary}`,
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${canary}==;EndpointSuffix=core.windows.net`,
    `Endpoint=sb://x/;SharedAccessKey=${canary}`,
    `password=${canary}`,
    `password = ${canary}`,
    `password: a[b]${canary}`,
    `{"password":"a\\"${canary}"}`,
    `{"password":"it's ${canary}"}`,
    `{\\"password\\":\\"a\\\\b${canary}\\"}`,
    `client_secret=[redacted]${canary}`,
    `https://host.example/?[redacted]${canary}`,
    `{"code":"${canary}${canary}"}`,
    `client_secret="${canary}", scope="x"`,
    `password = 'with spaces ${canary}'`,
    `{ refresh_token: '${canary} and more', expires_in: 3600 }`,
    `{\\"hint\\": \\"client_secret=\\\\\\"${canary}\\\\\\"\\"}`,
    `x-functions-key: ${canary}-and-more`,
    `-----BEGIN PRIVATE KEY-----\nMII${canary}\n-----END PRIVATE KEY-----`,
    `-----BEGIN RSA PRIVATE KEY-----\nMII${canary}`,
    `ghp_${canary}0123456789`,
    `answer was ${'aB3'.repeat(30)}${canary}`,
  ];
  for (const text of texts) {
    it(`is gone from ${JSON.stringify(text).slice(0, 60)}`, () => {
      const clean = redact(text);
      expect(clean).not.toContain(canary);
      expect(clean).not.toContain(JWT);
      expect(redact(clean)).toBe(clean);
    });
  }
});

describe('ordinary text stays readable', () => {
  const texts = [
    'kv-crm refuses to list its secrets: 403 Forbidden',
    'kv-crm/secret/salesforce-refresh-token',
    'https://kv-crm.vault.azure.net/secrets/salesforce/0123456789abcdef0123456789abcdef',
    '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
    'grant/salesforce-prod',
    'Get "vault" from https://wiki.example.com/runbooks/rotate and call +49 30 1234',
    'WWW-Authenticate: Bearer authorization="https://login.microsoftonline.com/common"',
    '{"error":{"code":"Forbidden","message":"Caller is not authorized"}}',
    'TypeError: x is not a function\n    at refresh (file:///home/site/wwwroot/dist/index.cjs:12:34)',
    'invalid_grant: the refresh token is expired or revoked',
    'sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'Bearer token was refused, exit code: 1',
    'status code=401 from {"code":"ERR_TLS_CERT_ALTNAME_INVALID"}',
    "Error: connect ECONNREFUSED { code: 'ECONNREFUSED', errno: -111 }",
    '2026-12-01T10:30:00.000Z',
    'InstrumentationKey 00000000-0000-4000-8000-000000000001',
    'keywatch.credential.observed',
  ];
  for (const text of texts) it(text.slice(0, 60), () => expect(redact(text)).toBe(text));
});

describe('a registered value', () => {
  const secretValue = fc
    .oneof(anyText({ minLength: 8, maxLength: 60 }), fc.string({ minLength: 8, maxLength: 60 }))
    .filter((value) => value.isWellFormed() && value.trim().length >= 8);

  it('leaves in no spelling, wherever it stands', () => {
    fc.assert(
      fc.property(secretValue, fc.string(), fc.string(), (secret, before, after) => {
        const redactor = createRedactor();
        redactor.registerSecret(secret);
        const spellings = [
          secret,
          encodeURIComponent(secret),
          JSON.stringify(secret).slice(1, -1),
          Buffer.from(secret).toString('base64'),
          Buffer.from(secret).toString('base64url'),
          Buffer.from(secret).toString('hex'),
          Buffer.from(secret).toString('hex').toUpperCase(),
        ];
        for (const spelling of spellings) {
          const clean = redactor.redact(`${before}${spelling}${after}`);
          expect(`${clean}`.split('[redacted]').some((part) => part.includes(spelling))).toBe(false);
        }
      }),
    );
  });

  it('is found inside the base64 of something longer', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.~-]{16,40}$/), fc.string({ maxLength: 9 }), (secret, before) => {
        const redactor = createRedactor();
        redactor.registerSecret(secret);
        const clean = redactor.redact(Buffer.from(`${before}:${secret}:x`).toString('base64'));
        expect(Buffer.from(clean.replaceAll('[redacted]', '****'), 'base64').toString('utf8')).not.toContain(
          secret,
        );
      }),
    );
  });

  it('is let go when its last holder forgets it', () => {
    const redactor = createRedactor();
    const [first, second] = [
      redactor.registerSecret('plainwordvalue'),
      redactor.registerSecret('plainwordvalue'),
    ];
    first();
    first();
    expect(redactor.redact('a plainwordvalue b')).toBe('a [redacted] b');
    second();
    expect(redactor.redact('a plainwordvalue b')).toBe('a plainwordvalue b');
  });

  it('cannot blind an alert by being a word of the catalog', () => {
    const redactor = createRedactor();
    redactor.registerSecret('keywatch.grant.refreshed');
    redactor.registerSecret('outcome');
    const document = '{"name":"keywatch.grant.refreshed","properties":{"outcome":"dead"}}';
    expect(redactor.redactJson(document)).toBe(document);
  });

  it('leaves attributes of records as it leaves those of a batch', () => {
    const redactor = createRedactor();
    redactor.registerSecret('canary-token', 'token');
    const records = [
      { owner: 'canary-token', action: 'canary-token', runbook: 'https://x.example/?token=canary' },
    ];
    const items = records.map((properties) => ({ data: { baseData: { properties } } }));
    const clean = redactor.redactAttributes(records);
    expect(clean).toMatchObject([{ owner: 'canary-token', action: '[redacted]' }]);
    const batch = JSON.parse(redactor.redactJson(JSON.stringify(items))) as typeof items;
    expect(clean).toEqual(batch.map(({ data }) => data.baseData.properties));
  });

  it('cannot spoil a batch by being a word, or a part of one, that ingestion insists on', () => {
    const document = JSON.stringify([
      {
        name: 'Microsoft.ApplicationInsights.Event',
        time: '2026-11-22T12:10:00.000Z',
        iKey: '00000000-0000-4000-8000-000000000001',
        sampleRate: 100,
        tags: { 'ai.cloud.role': 'keywatch' },
        data: {
          baseType: 'EventData',
          baseData: { ver: 2, name: 'keywatch.run.completed', properties: {} },
        },
      },
    ]);
    for (const word of ['baseData', 'Microsoft.ApplicationInsights.Event', 'EventData', '2026-11', '000000'])
      for (const secret of [word, word.slice(0, 6)]) {
        const redactor = createRedactor();
        redactor.registerSecret(secret);
        expect(redactor.redactJson(document), secret).toBe(document);
      }
  });

  it('too short to be distinguished from ordinary words is not looked for', () => {
    const redactor = createRedactor();
    redactor.registerSecret('a');
    redactor.registerSecret('');
    expect(redactor.redact('a plain text')).toBe('a plain text');
  });
});

describe('the patterns', () => {
  it('change nothing the second time', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '?',
        '#',
        '://',
        '@',
        '=',
        ':',
        ' ',
        '"',
        '\\',
        '[redacted]',
        'token',
        'code',
        'sig=',
        'Bearer ',
        'eyJ',
        '.',
        '&',
        '%3D',
        'a1B'.repeat(30),
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const once = redact(parts.join(''));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 5_000 },
    );
  });

  const adversaries = [
    'eyJ',
    'eyJ.',
    '://',
    '?',
    'token',
    'token=',
    'token: ',
    'token"',
    'Bearer ',
    '-----BEGIN A-----',
    'a',
    ' ',
    'aB1-',
    '\\"',
    'code%3D',
    'token":"',
    'token\\":\\"',
    'token = ',
    '\\',
    '1//0',
  ];
  for (const unit of adversaries) {
    it(`read many times ${JSON.stringify(unit)} in a time that grows with its length`, () => {
      expectLinear(redact, '', unit);
    });
  }
});
