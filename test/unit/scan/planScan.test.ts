import { describe, expect, it } from 'vitest';
import { keyVaultSource } from '../../../src/lib/scan/keyVaultSource.ts';
import { findTargets, planScan } from '../../../src/lib/scan/planScan.ts';
import type { VaultDiscovery } from '../../../src/lib/scan/ports.ts';
import { fakeInventory } from '../../fakes/fakeInventory.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { POLICY } from '../../fakes/metadata.ts';

const [A, B, C] = [
  'https://kv-a.vault.azure.net',
  'https://kv-b.vault.azure.net',
  'https://kv-c.vault.azure.net',
];
const finding = (vaultUrls: string[], emptySubscriptionIds: string[] = []): VaultDiscovery => ({
  discover: async () => ({ ok: true, vaultUrls, emptySubscriptionIds }),
});
const plan = async (discovery: VaultDiscovery, vaultUrls: string[], subscriptionIds: string[]) => {
  let ids = 0;
  const ports = { inventory: fakeInventory({}), discovery, clock: manualClock() };
  const source = keyVaultSource(ports, { vaultUrls, subscriptionIds }, () => POLICY);
  const modeOf = (target: string) => (target === C ? 'attention' : 'full');
  return planScan(await findTargets([source]), modeOf, () => `scan-${++ids}`);
};

describe('the plan of a scan', () => {
  it('holds each vault once, named or found, each with an id of its own', async () => {
    expect(await plan(finding([B, C]), [A, B], ['s'])).toEqual({
      requests: [A, B, C].map((target, index) => ({
        source: 'keyvault',
        target,
        runId: `scan-${index + 1}`,
        mode: target === C ? 'attention' : 'full',
      })),
      discoveries: [{ source: 'keyvault', found: 2, failure: undefined }],
      discoveryFailures: [],
    });
  });

  it('names the subscriptions in which nothing is to be seen, and holds what was found elsewhere', async () => {
    const many = Array.from({ length: 7 }, (_, index) => `s-${index + 1}`);
    const { requests, discoveryFailures } = await plan(finding([A], many), [], many);
    expect(requests).toMatchObject([{ target: A }]);
    expect(discoveryFailures[0]).toMatchObject({
      code: 'discovery_not_found',
      reason: 'not_found',
      retryable: false,
      message: 'No vault is to be seen in subscription s-1, s-2, s-3, s-4, s-5 and 2 more.',
      action: expect.stringContaining('Key Vault Reader'),
    });
  });

  it('names one subscription in which nothing is to be seen', async () => {
    const { discoveryFailures } = await plan(finding([], ['s-1']), [], ['s-1']);
    expect(discoveryFailures).toMatchObject([{ message: 'No vault is to be seen in subscription s-1.' }]);
  });

  it('asks nobody where no subscription is given', async () => {
    const discovery: VaultDiscovery = { discover: () => Promise.reject(new Error('asked')) };
    expect(await plan(discovery, [], [])).toMatchObject({ requests: [], discoveries: [] });
  });
});
