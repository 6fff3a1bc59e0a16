import type { UpdateKeyPropertiesOptions } from '@azure/keyvault-keys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { keyVaultTokenSeal } from '../../../../src/lib/stores/keyVault/keyVaultTokenSeal.ts';
import { sealEnvelope } from '../../../../src/lib/stores/keyVault/sealedEnvelope.ts';
import {
  isLost,
  readEnvelopeHeader,
  type SealContext,
} from '../../../../src/lib/stores/rules/sealedEnvelope.ts';
import { refresherIdentity } from '../../../../src/local/keyVault/identities.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { rsaPair } from '../../../fakes/rsaPair.ts';
import { START_EPOCH_MS, startKeyVault } from '../../../fakes/startKeyVault.ts';

const TOKEN = 'canary-token-é\n';
const CONTEXT = { subject: 'crm', seq: 7 };

const start = async () => {
  const { standIn, vault, clientsOf } = await startKeyVault();
  const { keys } = clientsOf();
  const first = vault.seed.key('keywatch-seal', { privateKey: rsaPair().privateKey });
  await keys.updateKeyProperties('keywatch-seal', first, { keyOps: ['wrapKey', 'unwrapKey'] });
  const clock = manualClock();
  const credential = standIn.credentialFor(refresherIdentity);
  const open = (keyName = 'keywatch-seal') =>
    keyVaultTokenSeal({
      vaultUrl: vault.url,
      keyName,
      credential,
      allowLoopback: true,
      clock,
    });
  const seal = open();
  /** Prepared anew each time, as before every exchange. */
  const sealed = async (context: SealContext = CONTEXT): Promise<string> => {
    const prepared = await seal.prepare();
    if (!prepared.ok) throw new Error(prepared.message);
    return prepared.seal(TOKEN, context);
  };
  /** @returns the version of the key that was changed: the latest */
  const changeKey = async (by: UpdateKeyPropertiesOptions): Promise<string> => {
    const { version = '' } = (await keys.getKey('keywatch-seal')).properties;
    await keys.updateKeyProperties('keywatch-seal', version, by);
    return version;
  };
  return { vault, keys, clock, seal, sealed, open, changeKey };
};

/** The same envelope with another header. */
const withHeader = (envelope: string, header: object): string =>
  [Buffer.from(JSON.stringify(header)).toString('base64url'), ...envelope.split('.').slice(1)].join('.');

describe('the seal', () => {
  it('opens what it sealed, for this grant only, as one printable line', async () => {
    const { seal, sealed, open } = await start();
    const envelope = await sealed();
    expect(envelope).toMatch(/^[\w.-]+$/);
    expect(envelope).not.toContain('canary');
    const header = readEnvelopeHeader(envelope);
    expect(header).toMatchObject({ grant: 'crm', seq: 7 });
    expect(await sealed()).not.toBe(envelope);
    expect(await open().unseal(envelope, 'crm')).toEqual({ ok: true, seq: 7, plaintext: TOKEN });
    expect(await seal.unseal(envelope, 'erp')).toMatchObject({ ok: false, reason: 'tampered' });
    for (const said of [{ seq: 8 }, { kid: `${header?.kid}0` }, { zip: 'DEF' }, { enc: 'A128GCM' }])
      expect(await seal.unseal(withHeader(envelope, { ...header, ...said }), 'crm')).toMatchObject({
        ok: false,
      });
    expect(await seal.unseal(withHeader(envelope, { ...header, grant: 'erp' }), 'erp')).toMatchObject({
      reason: 'tampered',
    });
  });

  it('seals while the vault is down, and opens when it is back', async () => {
    const { seal, sealed, vault } = await start();
    await seal.prepare();
    const fault = vault.faults.inject({ times: 99, action: { kind: 'answer', status: 503 } });
    const envelope = await sealed();
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({
      reason: 'unavailable',
      retryable: true,
    });
    fault.remove();
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({ ok: true, plaintext: TOKEN });
  });

  it('opens with the version that sealed after the key was rotated', async () => {
    const { seal, sealed, keys, clock } = await start();
    const before = await sealed();
    await keys.createRsaKey('keywatch-seal', { keySize: 2048, keyOps: ['wrapKey', 'unwrapKey'] });
    await clock.advance(3_600_000);
    const after = await sealed({ ...CONTEXT, seq: 8 });
    expect(readEnvelopeHeader(after)?.kid).not.toBe(readEnvelopeHeader(before)?.kid);
    expect(await seal.unseal(before, 'crm')).toMatchObject({ ok: true, seq: 7, plaintext: TOKEN });
    expect(await seal.unseal(after, 'crm')).toMatchObject({ ok: true, seq: 8, plaintext: TOKEN });
  });

  it('says that the key is gone when it was deleted or switched off', async () => {
    const { seal, sealed, keys, open, changeKey } = await start();
    const envelope = await sealed();
    await changeKey({ enabled: false });
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({ reason: 'key_gone', retryable: false });
    expect(await open().prepare()).toMatchObject({ reason: 'key_gone' });
    await (await keys.beginDeleteKey('keywatch-seal')).pollUntilDone();
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({ reason: 'key_gone' });
    expect(await open().prepare()).toMatchObject({ reason: 'key_gone' });
  });

  it.each([
    ['has ended', { expiresOn: new Date(START_EPOCH_MS - DAY_MS) }],
    ['has not begun', { notBefore: new Date(START_EPOCH_MS + 9000 * DAY_MS) }],
  ])('opens with a key version that %s, as Key Vault does', async (_, dates) => {
    const { seal, sealed, changeKey } = await start();
    const envelope = await sealed();
    await changeKey(dates);
    expect(await seal.unseal(envelope, 'crm')).toMatchObject({ ok: true, plaintext: TOKEN });
  });

  const [ENDED, BEGINS] = ['2026-11-20T08:00:00Z', '2026-12-01T08:00:00Z'];
  const FORBIDDEN_OPERATION = { innerCode: 'KeyOperationForbidden' };
  it.each([
    ['the end of its key', { expiresOn: new Date(ENDED) }, {}, `ended on ${ENDED}`, '--expires'],
    ['its beginning', { notBefore: new Date(BEGINS) }, {}, `is not valid before ${BEGINS}`, '--not-before'],
    ['an end that only the answer knows', {}, { innerCode: 'KeyExpired' }, 'ended', '--expires'],
    ['a forbidden operation', {}, FORBIDDEN_OPERATION, 'may not unwrapKey', '--ops wrapKey unwrapKey'],
  ])('names %s, for good, with what to do', async (_, dates, refusal, happened, option) => {
    const { seal, sealed, changeKey, vault } = await start();
    const envelope = await sealed();
    const version = await changeKey(dates);
    vault.faults.inject({
      match: { path: /unwrapkey/ },
      action: { kind: 'answer', status: 403, code: 'Forbidden', ...refusal },
    });
    const failure = await seal.unseal(envelope, 'crm');
    expect(failure).toMatchObject({ reason: 'key_gone', retryable: false });
    expect(failure).toMatchObject({
      message: expect.stringContaining(`version ${version} of key keywatch-seal ${happened}`),
      action: expect.stringContaining(`--name keywatch-seal --version ${version} ${option}`),
    });
  });

  // Key Vault takes names in any case, and answers with the one that the key was made with.
  it.each(['keywatch-seal', 'Keywatch-Seal'])(
    'blames the right, not key %s, where the identity may not unwrap',
    async (keyName) => {
      const { open, sealed, vault, changeKey } = await start();
      const seal = open(keyName);
      const envelope = await sealed();
      await changeKey({ expiresOn: new Date(START_EPOCH_MS - DAY_MS) });
      vault.faults.inject({
        match: { path: /unwrapkey/ },
        action: { kind: 'answer', status: 403, code: 'Forbidden', innerCode: 'ForbiddenByRbac' },
      });
      const failure = await seal.unseal(envelope, 'crm');
      expect(failure).toMatchObject({
        reason: 'forbidden',
        retryable: false,
        action: expect.stringContaining('Key Vault Crypto Service Encryption User'),
      });
      expect(isLost(failure)).toBe(false);
    },
  );

  it('takes what it may not open with a key of another name for lost', async () => {
    const { open, sealed, vault } = await start();
    const envelope = await sealed();
    vault.faults.inject({
      match: { path: /unwrapkey/ },
      action: { kind: 'answer', status: 403, code: 'Forbidden', innerCode: 'ForbiddenByRbac' },
    });
    const failure = await open('another-key').unseal(envelope, 'crm');
    expect(failure).toMatchObject({ reason: 'key_gone' });
    expect(isLost(failure)).toBe(true);
  });

  it('does not seal with a key that could not open what it sealed', async () => {
    const { open, changeKey } = await start();
    await changeKey({ keyOps: ['wrapKey'] });
    expect(await open().prepare()).toMatchObject({
      reason: 'key_gone',
      retryable: false,
      action: expect.stringContaining('unwrapKey'),
    });
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
    expect(await open().prepare()).toMatchObject({ reason: 'rejected', retryable: false });
  });

  it('never asks another vault than its own for a key, whatever an envelope says', async () => {
    const { seal, vault } = await start();
    const { publicKey } = rsaPair();
    const foreign = await sealEnvelope(TOKEN, CONTEXT, { publicKey, name: '../x?y', version: 'v1' });
    vault.clearWireLog();
    expect(await seal.unseal(foreign, 'crm')).toMatchObject({ reason: 'tampered' });
    expect(vault.wireLog).toEqual([]);
  });

  it('opens no envelope of which one character was changed', async () => {
    const { seal, sealed } = await start();
    const envelope = await sealed();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(envelope.length - 1),
        fc.constantFrom('A', 'z', '0', '.', '-'),
        async (at, character) => {
          fc.pre(envelope[at] !== character);
          const opened = await seal.unseal(envelope.slice(0, at) + character + envelope.slice(at + 1), 'crm');
          // The unused low bits of a base64url part's last character may differ without a change of bytes.
          if (opened.ok) expect(opened).toEqual({ ok: true, seq: 7, plaintext: TOKEN });
          else expect(['tampered', 'key_gone']).toContain(opened.reason);
        },
      ),
      { numRuns: 40 },
    );
  });
});
