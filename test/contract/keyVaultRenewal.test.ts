import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { startInventory } from '../fakes/startInventory.ts';
import { START_EPOCH_MS } from '../fakes/startKeyVault.ts';

const from = { notBeforeEpochMs: START_EPOCH_MS - DAY_MS, notAfterEpochMs: START_EPOCH_MS + 30 * DAY_MS };

describe('policies of renewal over the SDK clients', () => {
  it('are read for a certificate as the scanner, mails left out', async () => {
    const { vault, inventory } = await startInventory();
    vault.seed.certificate('desk', {
      from,
      policy: {
        issuer: { name: 'DigiCert' },
        attributes: { enabled: true },
        lifetime_actions: [
          { trigger: { days_before_expiry: 90 }, action: { action_type: 'EmailContacts' } },
          { trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } },
        ],
      },
    });
    expect(await inventory.renewalPolicy(vault.url, 'certificate', 'desk')).toEqual({
      ok: true,
      policy: {
        isEnabled: true,
        issuer: 'DigiCert',
        triggers: [{ daysBeforeEnd: undefined, lifetimePercentage: 80 }],
      },
    });
  });

  it('are read for a key', async () => {
    const { vault, inventory } = await startInventory();
    vault.seed.key('signing', {
      rotationPolicy: {
        lifetimeActions: [
          { trigger: { timeAfterCreate: 'P18M' }, action: { type: 'Rotate' } },
          { trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } },
        ],
      },
    });
    expect(await inventory.renewalPolicy(vault.url, 'key', 'signing')).toEqual({
      ok: true,
      policy: { isEnabled: true, triggers: [{ timeAfterCreation: 'P18M', timeBeforeEnd: undefined }] },
    });
  });

  it('renew nothing where nobody set one', async () => {
    const { vault, inventory } = await startInventory();
    vault.seed.certificate('desk', { from });
    vault.seed.key('signing');
    expect(await inventory.renewalPolicy(vault.url, 'certificate', 'desk')).toMatchObject({
      policy: { issuer: 'Unknown', triggers: [] },
    });
    expect(await inventory.renewalPolicy(vault.url, 'key', 'signing')).toMatchObject({
      policy: { triggers: [] },
    });
  });

  it('sign in once for all of a scan', async () => {
    const { vault, inventory } = await startInventory();
    vault.seed.certificate('one', { from });
    vault.seed.certificate('two', { from });
    const { signal } = new AbortController();
    for (const name of ['one', 'two']) await inventory.renewalPolicy(vault.url, 'certificate', name, signal);
    expect(vault.wireLog.map(({ status, path }) => [status, path])).toEqual([
      [401, '/certificates/one/policy'],
      [200, '/certificates/one/policy'],
      [200, '/certificates/two/policy'],
    ]);
  });

  it('name the object where they are refused, gone, or no policy', async () => {
    const { vault, inventory } = await startInventory();
    const read = () => inventory.renewalPolicy(vault.url, 'certificate', 'desk');
    expect(await read()).toMatchObject({ ok: false, reason: 'not_found' });
    const body = '{"issuer":';
    vault.faults.inject({ action: { kind: 'answer', status: 200, body } });
    expect(await read()).toMatchObject({ ok: false, reason: 'malformed_answer' });
    vault.faults.inject({ action: { kind: 'answer', status: 403, code: 'Forbidden' } });
    expect(await read()).toMatchObject({
      ok: false,
      reason: 'forbidden',
      message: expect.stringMatching(/^The policy of certificate desk in vault .+ may not read the policies/),
    });
  });
});
