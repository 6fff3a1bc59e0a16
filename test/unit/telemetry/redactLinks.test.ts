import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/lib/telemetry/redact.ts';

const LINK =
  'https://login.example.com/authorize?response_type=code&client_id=0oa1b2C3d4E5f6G7h8i9J0&scope=api#consent';
const item = (properties: object, message = '') =>
  JSON.stringify({
    data: { baseType: 'EventData', baseData: { name: 'keywatch.grant.observed', properties, message } },
  });

describe('a link for whoever is on call', () => {
  it.each(['reconnectUrl', 'runbook'])('arrives whole as %s', (name) => {
    const sent = item({ [name]: LINK });
    expect(createRedactor().redactJson(sent)).toBe(sent);
  });

  it('is cut anywhere else', () => {
    const { redactJson } = createRedactor();
    expect(redactJson(item({ action: `open ${LINK}` }))).not.toContain('client_id');
    expect(redactJson(item({}, LINK))).not.toContain('client_id');
  });

  it.each(['', ' and write the new token.', '. Then write the token.', ', or ask'])(
    'of the config stays whole in a text that names it: %j behind it',
    (behind) => {
      const { redactJson } = createRedactor(['https://login.example.com/authorize', LINK]);
      const sent = item({ action: `Consent again at ${LINK}${behind}` });
      expect(redactJson(sent)).toBe(sent);
    },
  );

  it('of the config keeps nothing that stands beside or behind it', () => {
    const { redactJson } = createRedactor([LINK]);
    const text = `refresh_token=canary1 at ${LINK} with access_token=canary2, ${LINK}&code=canary3`;
    expect(redactJson(item({ action: text }))).not.toContain('canary');
    expect(redactJson(item({ action: text }))).toContain(`${LINK} with`);
  });

  it('of the config that holds a secret is cut in a text as well', () => {
    const link = 'https://app.example.com/?access_token=canary';
    expect(createRedactor([link]).redactJson(item({ action: `open ${link}` }))).not.toContain('canary');
  });

  it('of the config loses a value that was registered as a secret, in a text too', () => {
    const redactor = createRedactor([LINK]);
    redactor.registerSecret('0oa1b2C3d4E5f6G7h8i9J0');
    expect(redactor.redactJson(item({ action: `open ${LINK}` }))).not.toContain('0oa1b2C3d4E5');
  });

  it.each(['https://app.example.com/?sig=canary', 'https://app.example.com/#access_token=canary'])(
    'is cut where it holds a secret all the same: %s',
    (link) => {
      const redacted = createRedactor().redactJson(item({ reconnectUrl: link }));
      expect(redacted).toContain('https://app.example.com/');
      expect(redacted).not.toContain('canary');
    },
  );

  it('loses a value that was registered as a secret', () => {
    const redactor = createRedactor();
    redactor.registerSecret('0oa1b2C3d4E5f6G7h8i9J0');
    expect(redactor.redactJson(item({ reconnectUrl: LINK }))).not.toContain('0oa1b2C3d4E5');
  });
});
