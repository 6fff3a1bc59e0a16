import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/lib/telemetry/redact.ts';
import { BOOKINGS, configOf, PARTNER, REFRESH_SETTINGS } from '../../fakes/config.ts';

const CALLERS = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
};
const asking = { ...PARTNER, authorization: { endpoint: 'https://as.partner.example/authorize' } };
const ORIGIN = 'https://kw-prod.azurewebsites.net';
const LINK = `${ORIGIN}/api/grants/bookings/reconnect`;

const linkOf = (provider: object, grant: object = {}, more: object = {}, settings: object = {}) =>
  configOf(
    { ...REFRESH_SETTINGS, KEYWATCH_PUBLIC_URL: ORIGIN, ...settings },
    {
      callers: CALLERS,
      providers: [provider],
      grants: [{ ...BOOKINGS, ...grant }],
      ...more,
    },
  ).grants[0]?.grant.reconnectUrl;

describe('the link of a grant', () => {
  it('leads to its page of this app, and passes the redactor whole', () => {
    const link = linkOf(asking) ?? '';
    expect(link).toBe(LINK);
    const sentence = `Consent again at ${link}; that page stores the token.`;
    expect(createRedactor([link]).redact(sentence)).toBe(sentence);
    expect(createRedactor().redactJson(JSON.stringify({ reconnectUrl: link }))).toContain(link);
  });

  it.each<[string, Parameters<typeof linkOf>]>([
    ['of a provider that nobody can be sent to', [PARTNER]],
    ['that another system refreshes', [asking, { mode: 'observed' }]],
    ['where nobody can sign in', [asking, {}, { callers: undefined }]],
    ['where the app has no address', [asking, {}, {}, { KEYWATCH_PUBLIC_URL: undefined }]],
  ])('is none for a grant %s', (_which, given) => {
    expect(linkOf(...given)).toBeUndefined();
  });

  it('is that of the config where it names one', () => {
    const reconnectUrl = 'https://wiki.contoso.example/reconnect';
    expect(linkOf(asking, { reconnectUrl })).toBe(reconnectUrl);
  });
});
