import * as z from 'zod/mini';
import { guidOf } from '../kernel/guid.ts';
import { described, keyVaultName, optional } from '../kernel/schema.ts';
import { displayName, thresholds } from './memberTypes.ts';
import { parsedBy } from './parsedBy.ts';

export const guid = parsedBy(
  // The pattern is for editors only; `guidOf` decides.
  z.string().check(z.maxLength(36), z.meta({ pattern: '^[0-9A-Fa-f-]{36}$' })),
  (given) => {
    const value = guidOf(given);
    return value === undefined
      ? { ok: false, allowed: 'a GUID like 22222222-2222-4222-8222-222222222222' }
      : { ok: true, value };
  },
);

/** An application whose secret a vault holds. */
const tiedApplication = z.strictObject({
  appId: described(guid, 'Its client id.'),
  vault: described(z.string(), 'Address of the vault that holds its secret; it is scanned too.'),
  secretName: described(keyVaultName, 'Name of that secret there.'),
  keyId: optional(
    guid,
    'Which of its secrets that is ("Secret ID"); any that ends when it does will do when absent.',
  ),
});

/** A tenant of Entra ID whose applications are scanned. */
export const directoryEntry = z.strictObject({
  tenantId: described(guid, 'The tenant; the identities of Keywatch are of the same one.'),
  name: optional(
    displayName,
    'What to call it in tables and alerts, and in `vault` of a rule; `entra` when absent.',
  ),
  graphUrl: optional(
    z.string(),
    'Microsoft Graph of another cloud, like https://graph.microsoft.us; the public one when absent.',
  ),
  servicePrincipals: optional(
    z.boolean(),
    "Whether enterprise applications' own secrets and certificates are scanned too; false when absent.",
  ),
  saml: optional(
    z.boolean(),
    'Whether the certificates that sign for SAML are scanned too; false when absent.',
  ),
  applications: optional(
    z.array(tiedApplication).check(z.maxLength(500)),
    'Secrets of vaults that hold the secret of an application, where no tag keywatch-app says so.',
  ),
  ...thresholds,
});
