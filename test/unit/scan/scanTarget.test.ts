import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import type { Inventory } from '../../../src/lib/scan/ports.ts';
import type { Assessment, CredentialMetadata } from '../../../src/lib/scan/rules/credential.ts';
import { type FakeVault, fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { scanVault } from '../../fakes/keyVaultScan.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, POLICY, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';

const REQUEST = { source: 'keyvault', target: VAULT_URL, runId: 'scan-1', mode: 'full' } as const;

const scan = async (vault: FakeVault, localEpochMs = NOW_EPOCH_MS) => {
  const seen: Assessment[] = [];
  const inventory = fakeInventory({ [VAULT_URL]: vault });
  const ports = { inventory, clock: manualClock(localEpochMs), policy: POLICY };
  const result = await scanVault(ports, REQUEST, 1000, (one) => void seen.push(one));
  return { result, seen };
};
const secrets = (...objects: Partial<CredentialMetadata>[]): FakeVault => ({
  pages: { secret: [objects.map(secretMetadata)] },
});

describe('the scan of a vault', () => {
  it('sees secrets, keys and certificates, page after page', async () => {
    const page = (kind: CredentialMetadata['kind'], ...names: string[]) =>
      names.map((name) => secretMetadata({ kind, name }));
    const { result, seen } = await scan({
      pages: {
        secret: [page('secret', 'a', 'b'), page('secret', 'c')],
        key: [page('key', 'a')],
        certificate: [page('certificate', 'a')],
      },
    });
    expect(seen.map(({ credentialId }) => credentialId.replace('kv-front-desk/', '')).sort()).toEqual([
      'certificate/a',
      'key/a',
      'secret/a',
      'secret/b',
      'secret/c',
    ]);
    expect(result).toMatchObject({ ...REQUEST, vault: POLICY.name, outcome: 'complete', pages: 4 });
    expect(result.counts).toMatchObject({ objects: 5, managed: 0 });
  });

  it('reports the secret and the key behind a certificate once, as the certificate', async () => {
    const { result, seen } = await scan({
      pages: {
        secret: [[secretMetadata({ managed: true, expiresOnEpochMs: inDays(-1) })]],
        key: [[secretMetadata({ kind: 'key', managed: true })]],
        certificate: [[secretMetadata({ kind: 'certificate', expiresOnEpochMs: inDays(-1) })]],
      },
    });
    expect(seen.map(({ kind }) => kind)).toEqual(['certificate']);
    expect(result.counts).toMatchObject({ objects: 1, managed: 2 });
    expect(result.counts.byStatus.expired).toBe(1);
  });

  it('is failed when one kind broke off half-way, whatever was seen until then', async () => {
    const failure = inventoryFailure({ reason: 'throttled', httpStatus: 429 });
    const { result } = await scan({ ...secrets({}), failures: { secret: failure } });
    expect([result.outcome, result.failure, result.counts.objects]).toEqual(['failed', failure, 1]);
  });

  it('looks at the other kinds when one is forbidden', async () => {
    const { result, seen } = await scan({ ...secrets({}), failures: { key: inventoryFailure() } });
    expect([result.outcome, seen.length]).toEqual(['failed', 1]);
  });

  it.each(['connection', 'tls', 'not_found'] as const)(
    'asks a vault that nobody answers for (%s) once, not for each kind',
    async (reason) => {
      const failure = inventoryFailure({ reason, httpStatus: undefined });
      const { result, seen } = await scan({
        failures: { secret: failure },
        pages: { secret: [], key: [[secretMetadata({ kind: 'key' })]] },
      });
      expect(result).toMatchObject({ outcome: 'failed', failure });
      expect(seen).toEqual([]);
    },
  );

  it('gives the inventory its time limit as a signal', async () => {
    const signals: unknown[] = [];
    const inventory: Inventory = {
      ...fakeInventory({}),
      list: async (_vaultUrl, _kind, _onPage, signal) => {
        signals.push(signal);
        return { ok: true, pages: 1 };
      },
    };
    await scanVault({ inventory, clock: manualClock(), policy: POLICY }, REQUEST, 60_000, () => undefined);
    expect(signals).toEqual([expect.any(AbortSignal), expect.any(AbortSignal), expect.any(AbortSignal)]);
  });
});

describe('a clock that is wrong by a day', () => {
  const ending = secrets({ expiresOnEpochMs: NOW_EPOCH_MS + DAY_MS / 2 });

  it.each([DAY_MS, -DAY_MS])(
    'by %s ms does not change a status: Key Vault says what time it is',
    async (skewMs) => {
      const { result, seen } = await scan(
        { ...ending, serverDatesEpochMs: [NOW_EPOCH_MS] },
        NOW_EPOCH_MS + skewMs,
      );
      expect([seen[0]?.status, result.clockSkewMs]).toEqual(['critical', skewMs]);
    },
  );

  it('is corrected on pages that carry no date as well', async () => {
    const page = [secretMetadata({ expiresOnEpochMs: NOW_EPOCH_MS + DAY_MS / 2 })];
    const vault = { pages: { secret: [page, page] }, serverDatesEpochMs: [NOW_EPOCH_MS, undefined] };
    const { seen } = await scan(vault, NOW_EPOCH_MS + DAY_MS);
    expect(seen.map(({ status }) => status)).toEqual(['critical', 'critical']);
  });

  it('is not known where no answer carries a date', async () => {
    const { result, seen } = await scan(ending, NOW_EPOCH_MS + DAY_MS);
    expect([seen[0]?.status, result.clockSkewMs]).toEqual(['expired', undefined]);
  });
});

describe('a vault of 100,000 secrets', { tags: ['exhaustive'] }, () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  it('is scanned in the memory of a page', async () => {
    const pages = function* () {
      for (let page = 0; page < 4000; page += 1) {
        yield Array.from({ length: 25 }, (_, index) => secretMetadata({ name: `secret-${page}-${index}` }));
      }
    };
    const inventory = fakeInventory({ [VAULT_URL]: { pages: { secret: pages() } } });
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    let seen = 0;
    let grownBytes = 0;
    await scanVault({ inventory, clock: manualClock(), policy: POLICY }, REQUEST, 60_000, () => {
      seen += 1;
      if (seen % 50_000 !== 0) return;
      collectGarbage();
      grownBytes = Math.max(grownBytes, process.memoryUsage().heapUsed - before);
    });
    expect(seen).toBe(100_000);
    // Kept, the assessments alone would take more than 25 MB.
    expect(grownBytes).toBeLessThan(6_000_000);
  });
});
