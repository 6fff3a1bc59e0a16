import * as z from 'zod/mini';
import { described, optional, ownerName, textLike } from '../kernel/schema.ts';
import { grantEntry, providerEntry } from './grantEntries.ts';
import { endedLongAgoDays, threshold } from './memberTypes.ts';
import { ruleEntry } from './ruleEntry.ts';

const displayName = textLike(
  /^[0-9A-Za-z][0-9A-Za-z.-]{0,62}$/,
  'a name of up to 63 letters, digits, dots and hyphens',
);

const thresholds = {
  warning: optional(
    threshold,
    'When a credential becomes warning: days ("30") or a share of its lifetime ("20%").',
  ),
  critical: optional(threshold, 'When it becomes critical: days or a share, not more than `warning`.'),
  endedLongAgoDays: optional(
    endedLongAgoDays,
    'Days after its end from which what is still enabled pages nobody any more, and is a finding: disable or delete it. 14 when absent.',
  ),
  owner: optional(ownerName, 'Who owns what carries no keywatch-owner tag.'),
};

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
  rules: optional(
    z.array(ruleEntry).check(z.maxLength(500)),
    'What holds for credentials that somebody may not tag: by vault, kind, name or owner. The most exact decides.',
  ),
  providers: optional(
    z.array(providerEntry),
    'Authorization servers of the grants: a preset, or an endpoint of their own.',
  ),
  grants: optional(z.array(grantEntry), 'OAuth refresh tokens to refresh, or to watch.'),
});

export type ConfigFile = z.infer<typeof configFile>;
export type VaultEntry = z.infer<typeof vaultEntry>;
