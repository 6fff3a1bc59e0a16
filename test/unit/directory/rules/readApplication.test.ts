import { describe, expect, it } from 'vitest';
import { readApplication } from '../../../../src/lib/directory/rules/readApplication.ts';

const ID = '11111111-aaaa-4000-8000-000000000001';
const APP_ID = '22222222-bbbb-4000-8000-000000000002';
const TENANT_ID = '99999999-0000-4000-8000-000000000009';
const KEY_ID = '3f2b1c44-0000-4000-8000-000000000003';

const SECRET = {
  keyId: KEY_ID.toUpperCase(),
  displayName: 'prod',
  startDateTime: '2026-01-01T00:00:00Z',
  endDateTime: '2027-01-01T00:00:00.1234567Z',
  customKeyIdentifier: null,
  hint: 'a7Q',
  secretText: null,
};
const APPLICATION = {
  id: ID,
  appId: APP_ID,
  displayName: 'CRM portal',
  createdDateTime: '2025-03-01T08:00:00Z',
  tags: ['keywatch-owner=crm', 7],
  passwordCredentials: [SECRET],
  keyCredentials: [],
};

const read = (changes: object, type: 'applications' | 'servicePrincipals' = 'applications') =>
  readApplication(type, { ...APPLICATION, ...changes }, TENANT_ID);

describe('an application of the directory', () => {
  it('is read with its credentials, without hint, value and bytes', () => {
    const certificate = {
      keyId: KEY_ID,
      key: 'TUlJQ0FOQVJZ',
      customKeyIdentifier: '2iD8ppbE+D6Kmu1ZvjM2jtQh88E=',
    };
    const application = read({ keyCredentials: [certificate] });
    expect(application).toEqual({
      type: 'applications',
      id: ID,
      appId: APP_ID,
      displayName: 'CRM portal',
      createdEpochMs: Date.UTC(2025, 2, 1, 8),
      labels: ['keywatch-owner=crm'],
      credentials: [
        {
          type: 'secret',
          keyId: KEY_ID,
          displayName: 'prod',
          startEpochMs: Date.UTC(2026, 0, 1),
          endEpochMs: Date.UTC(2027, 0, 1) + 123,
          identifier: undefined,
        },
        {
          type: 'certificate',
          keyId: KEY_ID,
          displayName: undefined,
          startEpochMs: undefined,
          endEpochMs: undefined,
          identifier: 'DA20FCA696C4F83E8A9AED59BE33368ED421F3C1',
        },
      ],
      saml: undefined,
    });
    expect(JSON.stringify(application)).not.toMatch(/a7Q|CANARY|TUlJ/);
  });

  it.each([
    ['2iD8ppbE+D6Kmu1ZvjM2jtQh88E='],
    ['da20fca696c4f83e8a9aed59be33368ed421f3c1'],
    [Buffer.from('DA20FCA696C4F83E8A9AED59BE33368ED421F3C1').toString('base64')],
  ])('takes the spelling %s for the same thumbprint', (customKeyIdentifier) => {
    const identifier = read({ keyCredentials: [{ customKeyIdentifier }] })?.credentials[1]?.identifier;
    expect(identifier).toBe('DA20FCA696C4F83E8A9AED59BE33368ED421F3C1');
  });

  it.each([
    ['nothing', null],
    ['a number', 1798761600],
    ['words', 'next year'],
    ['a time without a zone', '2027-02-03T00:00:00'],
    ['the year 1', '0001-01-01T00:00:00Z'],
    ['an end that no calendar has', '2027-13-45T00:00:00Z'],
  ])('has no end where the directory says %s', (_, endDateTime) => {
    expect(read({ passwordCredentials: [{ ...SECRET, endDateTime }] })?.credentials[0]?.endEpochMs).toBe(
      undefined,
    );
  });

  it('keeps an end in the year 2299 as it stands', () => {
    const end = read({ passwordCredentials: [{ ...SECRET, endDateTime: '2299-12-30T23:00:00Z' }] });
    expect(end?.credentials[0]?.endEpochMs).toBe(Date.UTC(2299, 11, 30, 23));
  });

  it('counts an entry that cannot be read as a credential without an end', () => {
    expect(read({ passwordCredentials: ['rubbish', null] })?.credentials).toHaveLength(2);
  });

  it.each([[null], [undefined], ['none'], [{}]])('has no credentials where a collection is %j', (value) => {
    expect(read({ passwordCredentials: value, keyCredentials: value })?.credentials).toEqual([]);
  });

  it('has a name that is safe to show and bounded, or none', () => {
    expect(read({ displayName: `\u001b[31m\u202e${'x'.repeat(300)}` })?.displayName).toMatch(
      /^\\u\{1b\}.{1,79}$/,
    );
    expect(read({ displayName: '  ' })?.displayName).toBe(undefined);
  });

  it.each([[{ id: 'x' }], [{ appId: null }], [{ id: undefined }]])('is none with %j', (changes) => {
    expect(read(changes)).toBe(undefined);
  });

  it('is one of SAML where a service principal says so, with the certificate that signs', () => {
    const saml = {
      preferredSingleSignOnMode: 'saml',
      preferredTokenSigningKeyThumbprint: 'da20fca696c4f83e8a9aed59be33368ed421f3c1',
    };
    expect(read(saml, 'servicePrincipals')?.saml).toEqual({
      activeThumbprint: 'DA20FCA696C4F83E8A9AED59BE33368ED421F3C1',
    });
    expect(read({ ...saml, preferredSingleSignOnMode: 'oidc' }, 'servicePrincipals')?.saml).toBe(undefined);
  });

  it('is one of SAML also where no mode is set and a certificate signs', () => {
    const preferredTokenSigningKeyThumbprint = 'da20fca696c4f83e8a9aed59be33368ed421f3c1';
    const given = { preferredSingleSignOnMode: null, preferredTokenSigningKeyThumbprint };
    expect(read(given, 'servicePrincipals')?.saml).toBeDefined();
    expect(read({ ...given, preferredTokenSigningKeyThumbprint: null }, 'servicePrincipals')?.saml).toBe(
      undefined,
    );
  });

  it.each([
    ['of this tenant', TENANT_ID.toUpperCase(), 1],
    ['of nobody', null, 1],
    ['of another tenant', '11111111-0000-4000-8000-000000000009', 0],
  ])('takes the tags of a principal whose application is %s', (_, appOwnerOrganizationId, count) => {
    expect(read({ appOwnerOrganizationId }, 'servicePrincipals')?.labels).toHaveLength(count);
  });

  it('has of a managed identity only what somebody gave it: the certificates are for Azure to renew', () => {
    const given = { servicePrincipalType: 'ManagedIdentity', keyCredentials: [{ keyId: KEY_ID }] };
    expect(read(given, 'servicePrincipals')?.credentials).toMatchObject([{ type: 'secret' }]);
  });
});
