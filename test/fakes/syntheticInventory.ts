import { DAY_MS } from '../../src/lib/kernel/time.ts';
import type { Inventory } from '../../src/lib/scan/ports.ts';
import type { CredentialMetadata } from '../../src/lib/scan/rules/credential.ts';

const PAGE_SIZE = 25;
const START_EPOCH_MS = Date.parse('2026-11-22T12:00:00Z');

const secret = (index: number): CredentialMetadata => ({
  kind: 'secret',
  name: `secret-${index}`,
  version: undefined,
  enabled: true,
  createdEpochMs: START_EPOCH_MS - 100 * DAY_MS,
  notBeforeEpochMs: undefined,
  expiresOnEpochMs: START_EPOCH_MS + (index % 400) * DAY_MS,
  managed: false,
  tags: { 'keywatch-owner': `team-${index % 40}` },
});

/** An inventory of that many secrets in every vault, made page by page as the port promises. */
export const syntheticInventory = (secrets: number): Inventory => ({
  async list(_vaultUrl, kind, onPage) {
    if (kind !== 'secret') return { ok: true, pages: 1 };
    let pages = 0;
    for (let start = 0; start < secrets; start += PAGE_SIZE, pages += 1) {
      const size = Math.min(PAGE_SIZE, secrets - start);
      await onPage(
        Array.from({ length: size }, (_, index) => secret(start + index)),
        START_EPOCH_MS,
      );
    }
    return { ok: true, pages };
  },
  listVersions: async () => ({ ok: true, versions: [] }),
  renewalPolicy: async () => ({ ok: true, policy: { isEnabled: true, triggers: [] } }),
});
