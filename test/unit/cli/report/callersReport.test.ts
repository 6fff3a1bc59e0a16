import { describe, expect, it } from 'vitest';
import { callersReport } from '../../../../src/cli/report/callersReport.ts';
import { plain } from '../../../../src/cli/report/style.ts';
import { BOOKINGS, configOf, PARTNER, REFRESH_SETTINGS } from '../../../fakes/config.ts';
import { CLIENT_ID, PERSON, TENANT_ID } from '../../../fakes/startIdentityProvider.ts';

const callers = { tenantId: TENANT_ID, clientId: CLIENT_ID };
const PUBLIC = {
  KEYWATCH_PUBLIC_URL: 'https://keywatch.contoso.example',
  KEYWATCH_BLOB_SERVICE_URL: 'https://stkeywatch.blob.core.windows.net',
};

const reportOf = (file: object, settings: Record<string, string> = PUBLIC, mayReadKeys = true): string[] =>
  callersReport(configOf(settings, file), mayReadKeys, plain).filter((line) => line !== '');

describe('the check of callers', () => {
  it('says that nobody may call, and what to write, where the config names none', () => {
    expect(reportOf({})).toEqual([expect.stringMatching(/^· Nobody may call the app: .* "callers"/)]);
  });

  it('says whose people and programs may, and who has a role by the config', () => {
    const lines = reportOf({ callers: { ...callers, reconnect: [PERSON.oid] } });
    expect(lines).toEqual([
      `✓ Callers are people and programs of the tenant ${TENANT_ID} with app roles of ${CLIENT_ID}, and by the config Keywatch.Reconnect (1 caller).`,
      '✓ The signing keys of that tenant can be read.',
      '✓ People sign in with a browser; the registration has to have the redirect address https://keywatch.contoso.example/api/sign-in/callback.',
    ]);
  });

  it('names the redirect address of each provider that people are sent to', () => {
    const asking = { ...PARTNER, authorization: { endpoint: 'https://as.partner.example/authorize' } };
    const file = {
      callers,
      providers: [asking],
      grants: [BOOKINGS, { ...BOOKINGS, id: 'b', secretName: 'b' }],
    };
    expect(reportOf(file, { ...REFRESH_SETTINGS, ...PUBLIC }).slice(3)).toEqual([
      expect.stringContaining('address https://keywatch.contoso.example/api/reconnect/callback/partner.'),
    ]);
  });

  it('names what is missing for letting anybody in', () => {
    expect(reportOf({ callers }, {}, false).slice(1)).toEqual([
      expect.stringMatching(/^▲ The signing keys of that tenant cannot be read/),
      expect.stringMatching(/^▲ KEYWATCH_PUBLIC_URL is missing/),
      expect.stringMatching(/^▲ KEYWATCH_BLOB_SERVICE_URL is missing/),
    ]);
  });
});
