import { z } from 'zod';
import { MAXIMUM_THRESHOLD_DAYS, readThreshold, type Threshold } from '../scan/rules/threshold.ts';
import { grantEntry, providerEntry } from './grantEntries.ts';

const described = <T extends z.ZodType>(type: T, description: string): T => type.describe(description);

const threshold = z
  .union([z.number(), z.string()])
  // For editors only; `readThreshold` decides, and says better what is allowed.
  .meta({ minimum: 0, maximum: MAXIMUM_THRESHOLD_DAYS, pattern: '^\\d{1,6}(\\.\\d{1,3})?%?$' })
  .transform((given, context): Threshold => {
    const reading = readThreshold(String(given));
    if (reading.ok) return reading.threshold;
    context.addIssue({ code: 'custom', message: reading.allowed, input: given });
    return z.NEVER;
  });

const owner = z.string().trim().min(1).max(128);
const displayName = z
  .string()
  .regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,62}$/, 'a name of up to 63 letters, digits, dots and hyphens');

const thresholds = {
  warning: described(
    threshold.optional(),
    'When a credential becomes warning: days ("30") or a share of its lifetime ("20%").',
  ),
  critical: described(
    threshold.optional(),
    'When it becomes critical: days or a share, not more than `warning`.',
  ),
  endedLongAgoDays: described(
    z.number().min(1).max(MAXIMUM_THRESHOLD_DAYS).optional(),
    'Days after its end from which what is still enabled pages nobody any more, and is a finding: disable or delete it. 14 when absent.',
  ),
  owner: described(owner.optional(), 'Who owns what carries no keywatch-owner tag.'),
};

const vaultEntry = z.strictObject({
  url: described(z.string(), 'Address of the vault, like https://NAME.vault.azure.net.'),
  name: described(
    displayName.optional(),
    'What to call it in tables and alerts; the first label of its host when absent.',
  ),
  ...thresholds,
});

/**
 * `keywatch.config.json`: what to watch and by which rules. It is reviewed in git and holds no secret:
 * where a secret is needed it names one in Key Vault.
 */
export const configFile = z.strictObject({
  $schema: described(z.string().optional(), 'Path of the JSON Schema, for editors.'),
  defaults: described(
    z.strictObject(thresholds).optional(),
    'Rules for every vault that has none of its own.',
  ),
  vaults: described(
    z.array(vaultEntry).optional(),
    'Vaults to scan, beside those in the setting KEYWATCH_VAULTS, those that grants and their clients use, and that of the sealing key.',
  ),
  providers: described(
    z.array(providerEntry).optional(),
    'Authorization servers of the grants: a preset, or an endpoint of their own.',
  ),
  grants: described(z.array(grantEntry).optional(), 'OAuth refresh tokens to refresh, or to watch.'),
});

export type ConfigFile = z.infer<typeof configFile>;
export type VaultEntry = z.infer<typeof vaultEntry>;
