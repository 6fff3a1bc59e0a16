import * as z from 'zod/mini';
import { described, optional } from '../kernel/schema.ts';
import { callersEntry } from './callersEntry.ts';
import { clientEntry } from './clientEntries.ts';
import { directoryEntry } from './directoryEntry.ts';
import { grantEntry, providerEntry } from './grantEntries.ts';
import { displayName, thresholds } from './memberTypes.ts';
import { ruleEntry } from './ruleEntry.ts';

const vaultEntry = z.strictObject({
  url: described(z.string(), 'Address of the vault, like https://NAME.vault.azure.net.'),
  name: optional(
    displayName,
    'What to call it in tables and alerts; the first label of its host when absent.',
  ),
  ...thresholds,
});

/**
 * `keywatch.config.json`: what to watch and by which rules. It is reviewed in git and holds no secret:
 * where a secret is needed it names one in Key Vault.
 */
export const configFile = z.strictObject({
  $schema: optional(z.string(), 'Path of the JSON Schema, for editors.'),
  defaults: optional(z.strictObject(thresholds), 'Rules for every vault that has none of its own.'),
  vaults: optional(
    z.array(vaultEntry),
    'Vaults to scan, beside those in the setting KEYWATCH_VAULTS, those that grants and their clients use, and that of the sealing key.',
  ),
  directory: optional(
    directoryEntry,
    'The tenant of Entra ID whose applications are scanned; none when absent.',
  ),
  rules: optional(
    z.array(ruleEntry).check(z.maxLength(500)),
    'What holds for credentials that somebody may not tag: by vault, kind, name or owner. The most exact decides.',
  ),
  providers: optional(
    z.array(providerEntry),
    'Authorization servers of the grants: a preset, or an endpoint of their own.',
  ),
  grants: optional(z.array(grantEntry), 'OAuth refresh tokens to refresh, or to watch.'),
  clients: optional(
    z.array(clientEntry),
    'Clients and API keys whose credential is proven every half hour, by using it.',
  ),
  callers: optional(
    callersEntry,
    'Who may call the protected addresses (docs/callers.md); absent: nobody, each is answered 401.',
  ),
});

export type ConfigFile = z.infer<typeof configFile>;
export type VaultEntry = z.infer<typeof vaultEntry>;
