import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyVaultTokenSeal } from '../../../src/lib/adapters/keyVaultTokenSeal.ts';
import { sealEnvelope } from '../../../src/lib/adapters/sealedEnvelope.ts';
import { refresherIdentity } from '../../../src/local/keyVault/identities.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { startKeyVault } from '../../fakes/startKeyVault.ts';

const TOKEN = 'canary-token-é\n';
const CONTEXT = { grantId: 'crm', seq: 7 };

const start = async () => {
  const { standIn, vault, clientsOf } = await startKeyVault();
  const { keys } = clientsOf();
  await keys.createRsaKey('keywatch-seal', { keySize: 2048, keyOps: ['wrapKey', 'unwrapKey'] });
  const clock = manualClock();
  const credential = standIn.credentialFor(refresherIdentity('oauth-', 'keywatch-'));
  const open = () =>
    keyVaultTokenSeal({ vaultUrl: vault.url, keyName: 'keywatch-seal', credential, localMode: true, clock });
  const seal = open();
  return { vault, keys, clock, seal, open };
};

describe('the seal', () => {
  it('opens what it sealed, for this grant only, as one printable line', async () => {
    const { seal, open } = await start();
    expect(await seal.prepare()).toEqual({ ok: true });
    const envelope = seal.seal(TOKEN, CONTEXT);
    expect(envelope).toMatch(/^kwseal1\.7\.[\w.-]+$/);
    expect(envelope).not.toContain('canary');
    expect(seal.seal(TOKEN, CONTEXT)).not.toBe(envelope);
    expect(await open().unseal(envelope, 'crm')).toEqual({ ok: true, seq: 7, plaintext: TOKEN });
    expect(await seal.unseal(envelope, 'erp')).toMatchObject({ ok: false, code: 'tampered' });
    expect(await seal.unseal(envelope.replace('.7.', '.8.'), 'crm')).toMatchObject({ code: 'tampered' });
  });

  it('seals while the vault is down, and opens when it is back', async () => {
    const { seal, vault } = await start();
    await seal.prepare();
    const fault = vault.faults.inject({ times: 99, action: { kind: 'answer', status: 503 } });
    const envelope = seal.seal(TOKEN, CONTEXT);
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({
      code: 'unavailable',
      permanence: 'transient',
    });
    fault.remove();
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({ ok: true, plaintext: TOKEN });
  });

  it('opens with the version that sealed after the key was rotated', async () => {
    const { seal, keys, clock } = await start();
    await seal.prepare();
    const before = seal.seal(TOKEN, CONTEXT);
    await keys.createRsaKey('keywatch-seal', { keySize: 2048, keyOps: ['wrapKey', 'unwrapKey'] });
    await clock.advance(3_600_000);
    await seal.prepare();
    const after = seal.seal(TOKEN, { ...CONTEXT, seq: 8 });
    expect(after.split('.')[2]).not.toBe(before.split('.')[2]);
    expect(await seal.unseal(before, 'crm')).toMatchObject({ ok: true, seq: 7, plaintext: TOKEN });
    expect(await seal.unseal(after, 'crm')).toMatchObject({ ok: true, seq: 8, plaintext: TOKEN });
  });

  it('says that the key is gone when it was deleted or switched off', async () => {
    const { seal, keys, open } = await start();
    await seal.prepare();
    const envelope = seal.seal(TOKEN, CONTEXT);
    const { properties } = await keys.getKey('keywatch-seal');
    await keys.updateKeyProperties('keywatch-seal', properties.version ?? '', { enabled: false });
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({ code: 'key_gone', permanence: 'permanent' });
    expect(await open().prepare()).toMatchObject({ code: 'key_gone' });
    await (await keys.beginDeleteKey('keywatch-seal')).pollUntilDone();
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({ code: 'key_gone' });
    expect(await open().prepare()).toMatchObject({ code: 'key_gone' });
  });

  it('asks for the key once an hour, and refuses one that cannot wrap', async () => {
    const { seal, vault, clock, keys, open } = await start();
    await seal.prepare();
    vault.clearWireLog();
    await seal.prepare();
    expect(vault.wireLog).toEqual([]);
    await clock.advance(3_600_000);
    await seal.prepare();
    expect(vault.wireLog.length).toBeGreaterThan(0);
    await keys.createEcKey('keywatch-seal', { curve: 'P-256' });
    expect(await open().prepare()).toMatchObject({ code: 'rejected', permanence: 'permanent' });
  });

  it('will not seal before it has a key', async () => {
    const { seal } = await start();
    expect(() => seal.seal(TOKEN, CONTEXT)).toThrow('before the key was prepared');
  });

  it('never asks another vault than its own for a key, whatever an envelope says', async () => {
    const { seal, vault } = await start();
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const foreign = sealEnvelope(TOKEN, CONTEXT, { publicKey, name: '../x?y', version: 'v1' });
    vault.clearWireLog();
    expect(await seal.unseal(foreign, 'crm')).toMatchObject({ code: 'tampered' });
    expect(vault.wireLog).toEqual([]);
  });

  it('opens no envelope of which one character was changed', async () => {
    const { seal } = await start();
    await seal.prepare();
    const envelope = seal.seal(TOKEN, CONTEXT);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(envelope.length - 1),
        fc.constantFrom('A', 'z', '0', '.', '-'),
        async (at, character) => {
          fc.pre(envelope[at] !== character);
          const opened = await seal.unseal(envelope.slice(0, at) + character + envelope.slice(at + 1), 'crm');
          // The unused low bits of a base64url part's last character may differ without a change of bytes.
          if (opened.ok) expect(opened).toEqual({ ok: true, seq: 7, plaintext: TOKEN });
          else expect(['tampered', 'key_gone']).toContain(opened.code);
        },
      ),
      { numRuns: 40 },
    );
  });
});
