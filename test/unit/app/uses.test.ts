import { describe, expect, it, vi } from 'vitest';
import { ownUse } from '../../../src/lib/app/ownUse.ts';
import { uses } from '../../../src/lib/app/uses.ts';
import { named } from '../../fakes/boardScene.ts';
import { boardState } from '../../fakes/boardState.ts';
import { composeWith } from '../../fakes/composedScanner.ts';
import { BOOKINGS, configOf, PARTNER, REFRESH_SETTINGS } from '../../fakes/config.ts';
import { VAULT_URL } from '../../fakes/metadata.ts';

const WORKSPACE = '33333333-3333-4333-8333-333333333333';

describe('the question who uses what', () => {
  it.each([
    [{}, []],
    [{ KEYWATCH_USE_WORKSPACE_ID: WORKSPACE }, ['keyvault']],
  ])(
    'is asked where a workspace is named, of the sources that were scanned: %o',
    async (settings, sources) => {
      const { store, clock, telemetry, scan } = boardState();
      await scan([named('crm')]);
      const read = vi.fn(async () => ({ ok: true as const, uses: [], days: new Map() }));
      composeWith({ [VAULT_URL]: {} }, settings, { state: store, clock, telemetry, useLogs: { read } });
      const { recordDaily } = await uses();
      await recordDaily();
      expect(read.mock.calls.flat()).toEqual(sources);
    },
  );
});

it('what Keywatch refreshes, signs and seals with is its own; what another system refreshes is not', () => {
  const file = (mode: string) => ({ providers: [PARTNER], grants: [{ ...BOOKINGS, mode }] });
  const own = (mode: string) => [...ownUse(configOf(REFRESH_SETTINGS, file(mode))).ownObjects].sort();
  expect(own('refreshed')).toEqual([
    'kv-a.vault.azure.net/keys/seal',
    'kv-a.vault.azure.net/secrets/bookings-client-secret',
    'kv-a.vault.azure.net/secrets/bookings-refresh-token',
  ]);
  expect(own('observed')).toEqual([]);
});
