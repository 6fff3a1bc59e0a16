import { DAY_MS } from '../../src/lib/kernel/time.ts';
import type { VaultPolicy } from '../../src/lib/scan/rules/assess.ts';
import {
  type Assessment,
  type CredentialMetadata,
  credentialIdOf,
} from '../../src/lib/scan/rules/credential.ts';
import type { Said, Source } from '../../src/lib/scan/rules/sources.ts';
import { scanTally } from '../../src/lib/scan/rules/vaultScan.ts';
import type { TargetScan } from '../../src/lib/scan/scanTarget.ts';

/** The instant at which the tests of the scan happen. */
export const NOW_EPOCH_MS = Date.parse('2026-11-22T12:00:00Z');

export const inDays = (days: number): number => NOW_EPOCH_MS + days * DAY_MS;

export const VAULT_URL = 'https://kv-front-desk.vault.azure.net';

export const OWNER = 'front-desk@contoso.example';

/** What the config says of all of a vault. */
export const vaultSays = (says: Said): Source => ({ origin: 'vault', scope: 'vault', says });

export const POLICY: VaultPolicy = {
  name: 'kv-front-desk',
  says: [vaultSays({ owner: OWNER })],
};

/** A secret without fault, valid for another 200 of its 365 days, and the changes that a test is about. */
export const secretMetadata = (changes: Partial<CredentialMetadata> = {}): CredentialMetadata => ({
  kind: 'secret',
  name: 'door-lock-api',
  version: undefined,
  enabled: true,
  createdEpochMs: inDays(-165),
  notBeforeEpochMs: undefined,
  expiresOnEpochMs: inDays(200),
  managed: false,
  tags: {},
  ...changes,
});

/** What is concluded of that secret, and the changes that a test is about. */
export const assessment = (changes: Partial<Assessment> = {}): Assessment => {
  const { kind = 'secret', vault = POLICY.name, name = 'door-lock-api' } = changes;
  return {
    credentialId: credentialIdOf(vault, kind as 'secret', name),
    kind,
    vault,
    name,
    version: undefined,
    createdEpochMs: inDays(-165),
    status: 'valid',
    expiresOnEpochMs: inDays(200),
    notBeforeEpochMs: undefined,
    warningAtEpochMs: inDays(170),
    criticalAtEpochMs: inDays(190),
    owner: OWNER,
    runbook: undefined,
    targets: undefined,
    findings: [],
    suppressed: undefined,
    snoozedUntilEpochMs: undefined,
    ...changes,
  };
};

/** A scan of their vault that went well and saw nothing, and the changes that a test is about. */
export const targetScan = (changes: Partial<TargetScan> = {}): TargetScan => ({
  source: 'keyvault',
  target: VAULT_URL,
  runId: 'scan-1',
  mode: 'full',
  vault: POLICY.name,
  outcome: 'complete',
  failure: undefined,
  counts: scanTally().counts(),
  pages: 2,
  durationMs: 12.7,
  clockSkewMs: 0,
  ...changes,
});
