import { expect, it } from 'vitest';
import { inventoryFailureOf } from '../../../../src/lib/scan/keyVault/keyVaultErrors.ts';

const CONTEXT = {
  vaultUrl: 'https://kv-a.vault.azure.net',
  kind: 'secret',
  pages: 0,
  objects: 0,
  nowEpochMs: 0,
  timeIsUp: false,
} as const;

it('a vault whose name is not resolved may be gone, or out of sight from here: it says both', () => {
  const cause = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
  const { reason, message, action } = inventoryFailureOf(cause, CONTEXT);
  expect(reason).toBe('not_found');
  expect(message).toMatch(/no such vault, or names are not resolved here/);
  expect(action).toMatch(/network and DNS .*take it off the list/);
});
