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
