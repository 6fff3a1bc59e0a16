import { describe, expect, it } from 'vitest';
import { checkVault } from '../../../src/lib/scan/checkVault.ts';
import type { ValueAccess } from '../../../src/lib/scan/ports.ts';
import { type FakeVault, fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';

const check = async (vault: FakeVault, values: ValueAccess = 'denied') => {
  const asked: string[] = [];
  const valueAccess = {
    async mayReadValues(vaultUrl: string) {
      asked.push(vaultUrl);
      return values;
    },
  };
  const access = await checkVault(
    { inventory: fakeInventory({ [VAULT_URL]: vault }), valueAccess },
    VAULT_URL,
  );
  return { access, asked };
};

describe('the check of a vault', () => {
  it('is content with the first page of each kind', async () => {
    let pages = 0;
    const endless = function* () {
      for (;;) {
        pages += 1;
        yield [secretMetadata()];
      }
    };
    const { access } = await check({ pages: { secret: endless() } });
    expect(pages).toBe(1);
    expect(access).toEqual({
      vaultUrl: VAULT_URL,
      listing: { secret: undefined, key: undefined, certificate: undefined },
      values: 'denied',
    });
  });

  it('says for each kind why it may not be listed', async () => {
    const failure = inventoryFailure();
    const { access } = await check({ failures: { key: failure }, pages: { key: [] } }, 'allowed');
    expect(access.listing).toEqual({ secret: undefined, key: failure, certificate: undefined });
    expect(access.values).toBe('allowed');
  });

  it('asks for no value where the vault did not answer at all', async () => {
    const failure = inventoryFailure({ reason: 'connection', httpStatus: undefined });
    const none = { secret: [], key: [], certificate: [] };
    const failures = { secret: failure, key: failure, certificate: failure };
    const { access, asked } = await check({ failures, pages: none }, 'allowed');
    expect(access.values).toBe('unknown');
    expect(asked).toEqual([]);
  });
});
