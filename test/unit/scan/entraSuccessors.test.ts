import { describe, expect, it } from 'vitest';
import type { DirectoryScope } from '../../../src/lib/scan/rules/directoryScope.ts';
import { application, listed } from '../../fakes/fakeDirectory.ts';
import { inDays } from '../../fakes/metadata.ts';
import { codesOf, scanTenant } from '../../fakes/scanTenant.ts';

describe('a newer credential', () => {
  const older = listed({ startEpochMs: inDays(-700), endEpochMs: inDays(5) });
  const dates = { startEpochMs: inDays(-10), endEpochMs: inDays(300) };

  it.each([
    ['takes over from an older one', listed(dates), 'superseded'],
    ['does not while it has not begun', listed({ ...dates, startEpochMs: inDays(1) }), undefined],
    ['does not once it has ended itself', listed({ ...dates, endEpochMs: inDays(-1) }), undefined],
    ['does not where it ends earlier', listed({ ...dates, endEpochMs: inDays(4) }), undefined],
    ['does not where it was made before', listed({ ...dates, startEpochMs: inDays(-800) }), undefined],
    ['does not where it is of another kind', listed({ ...dates, type: 'certificate' }), undefined],
  ])('%s', async (_, newer, suppressed) => {
    const { seen } = await scanTenant({ pages: [[application('crm', [newer, older])]] });
    const found = seen.find(({ version }) => version === older.keyId);
    expect([found?.status, found?.suppressed]).toEqual(['critical', suppressed]);
  });

  it('hides also that the older one has ended, which a snooze does not', async () => {
    const ended = listed({ ...older, endEpochMs: inDays(-1) });
    const { seen, asked } = await scanTenant({ pages: [[application('crm', [ended, listed(dates)])]] });
    expect(seen).toMatchObject([{ status: 'expired', suppressed: 'superseded' }, { suppressed: undefined }]);
    expect(asked).toEqual([]);
  });
});

describe('a certificate of SAML', () => {
  const certificate = (identifier: string, startDays: number, endDays: number) => {
    const dates = { startEpochMs: inDays(startDays), endEpochMs: inDays(endDays) };
    return listed({ type: 'certificate', identifier, ...dates });
  };
  const workday = (activeThumbprint: string | undefined, ...credentials: ReturnType<typeof listed>[]) =>
    application('Workday', credentials, { type: 'servicePrincipals', saml: { activeThumbprint } });
  const old = certificate('AA', -1_000, 5);
  const young = certificate('BB', -10, 1_000);

  it('is told although a newer one is there: the other side does not know one that is not active', async () => {
    const { seen } = await scanTenant({ pages: [[workday('AA', old, young)]] });
    expect(seen).toMatchObject([
      { kind: 'saml_certificate', status: 'critical', suppressed: undefined },
      { status: 'valid', suppressed: undefined },
    ]);
    expect(seen.map(codesOf)).toEqual([['unowned', 'saml_successor_not_active'], ['unowned']]);
  });

  it('is not told once the newer one is active', async () => {
    const { seen } = await scanTenant({ pages: [[workday('BB', old, young)]] });
    expect(seen.map(({ suppressed }) => suppressed)).toEqual(['superseded', undefined]);
  });

  it('is told where nobody knows which one is active', async () => {
    const { seen } = await scanTenant({ pages: [[workday(undefined, old, young)]] });
    expect(seen.map(({ suppressed }) => suppressed)).toEqual([undefined, undefined]);
  });

  it('is listed where the scope says so, and secrets of enterprise applications where it says that', async () => {
    const other = application('other', [listed()], { type: 'servicePrincipals' });
    const pages = [[workday('AA', old), other]];
    const kindsOf = async (scope: Partial<DirectoryScope>) =>
      (await scanTenant({ pages }, { scope })).seen.map(({ kind }) => kind);
    expect(await kindsOf({ saml: false })).toEqual([]);
    expect(await kindsOf({})).toEqual(['saml_certificate']);
    expect(await kindsOf({ saml: false, servicePrincipals: true })).toEqual(['app_secret']);
  });
});
