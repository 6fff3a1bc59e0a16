import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { keyVaultValueAccess } from '../../src/lib/scan/keyVault/keyVaultValueAccess.ts';
import { type Identity, ownerIdentity, scannerIdentity } from '../../src/local/keyVault/identities.ts';
import { manualLimits } from '../fakes/manualLimits.ts';
import { startKeyVault } from '../fakes/startKeyVault.ts';

const probe = async (identity: Identity) => {
  const { standIn, vault } = await startKeyVault();
  vault.seed.secret('token', { value: 'canary-of-the-value' });
  const access = keyVaultValueAccess({
    credential: standIn.credentialFor(identity),
    allowLoopback: true,
  });
  return { access, vault, standIn };
};

describe('the question whether values may be read', () => {
  it('is answered by the vault itself: yes for its owner, no for the scanner', async () => {
    const owner = await probe(ownerIdentity);
    expect(await owner.access.mayReadValues(owner.vault.url)).toBe('allowed');
    const scanner = await probe(scannerIdentity);
    expect(await scanner.access.mayReadValues(scanner.vault.url)).toBe('denied');
  });

  it('is answered of one secret, and by no answer that has a value', async () => {
    const owner = await probe(ownerIdentity);
    expect(await owner.access.mayReadValue({ vaultUrl: owner.vault.url, name: 'token' })).toBe('allowed');
    expect(owner.vault.wireLog.map(({ status }) => status)).not.toContain(200);
    const scanner = await probe(scannerIdentity);
    expect(await scanner.access.mayReadValue({ vaultUrl: scanner.vault.url, name: 'token' })).toBe('denied');
  });

  it('is open when the vault takes the question and never answers', async () => {
    const { access, vault } = await probe(ownerIdentity);
    const pass = manualLimits();
    vault.faults.inject({ onHit: () => pass(MINUTE_MS), action: { kind: 'hang' } });
    expect(await access.mayReadValues(vault.url)).toBe('unknown');
  });

  it('is open when nobody answers, and never rejects', async () => {
    const { access, vault, standIn } = await probe(ownerIdentity);
    await standIn.close();
    expect(await access.mayReadValues(vault.url)).toBe('unknown');
  });
});
