import { describe, expect, it } from 'vitest';
import { storesReport } from '../../../../src/cli/report/storesReport.ts';
import { plain } from '../../../../src/cli/report/style.ts';
import { BOOKINGS, configOf, PARTNER, REFRESH_SETTINGS } from '../../../fakes/config.ts';

const CONTROL = REFRESH_SETTINGS.KEYWATCH_BLOB_SERVICE_URL;

const reportOf = (fallback: string | undefined, control = CONTROL): string => {
  const { refresh } = configOf(
    { ...REFRESH_SETTINGS, KEYWATCH_BLOB_SERVICE_URL: control, KEYWATCH_FALLBACK_BLOB_SERVICE_URL: fallback },
    { providers: [PARTNER], grants: [BOOKINGS] },
  );
  return storesReport(refresh, plain).join('\n');
};

describe('the fallback store', () => {
  it.each([
    [undefined],
    [CONTROL],
    ['https://CONTOSO.blob.core.windows.net/'],
    ['https://contoso.blob.core.windows.net:443'],
    ['https://contoso-secondary.blob.core.windows.net'],
    ['https://contoso.privatelink.blob.core.windows.net'],
    ['https://contoso.z12.blob.storage.azure.net'],
  ])('is said to fail with the control store when it is %s', (fallback) => {
    expect(reportOf(fallback)).toContain('Set KEYWATCH_FALLBACK_BLOB_SERVICE_URL');
  });

  it('is said to fail with it also where both are stand-ins', () => {
    const standIn = 'http://127.0.0.1:10000/devstoreaccount1';
    expect(reportOf(standIn, 'http://localhost:10000/devstoreaccount1')).toContain('fallback store');
    expect(reportOf('http://127.0.0.1:10000/other', standIn)).toBe('');
  });

  it.each(['https://contosofallback.blob.core.windows.net', 'https://contoso2.z12.blob.storage.azure.net'])(
    'of another account is nothing to speak of: %s',
    (fallback) => {
      expect(reportOf(fallback)).toBe('');
    },
  );

  it('is nobody’s concern where no grant is refreshed', () => {
    expect(storesReport(undefined, plain)).toEqual([]);
  });
});
