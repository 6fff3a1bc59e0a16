import { z } from 'zod';

const SECRET_NAME = /^[0-9A-Za-z-]{1,127}$/;
const vaultUrl = z.string().describe('Address of the vault; that of the grant when absent.');
const objectName = z
  .string()
  .regex(SECRET_NAME, 'the name of an object in Key Vault: letters, digits and dashes');
const httpsUrl = z.url({ protocol: /^https$/, error: 'an https:// address' });
const days = z.number().positive().max(3650);
const id = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'up to 63 lower-case letters, digits and dashes');

const rotation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('static') }),
  z.strictObject({ kind: z.literal('keeps_old') }),
  z.strictObject({ kind: z.literal('grace'), graceSeconds: z.number().positive() }),
  z.strictObject({ kind: z.literal('strict') }),
]);

/** One authorization server: a preset by name, a preset with changes, or a custom one with its endpoint. */
export const providerEntry = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'up to 63 lower-case letters, digits, dashes and underscores'),
  preset: z.string().optional().describe('Id of a preset; absent: the id of this entry where that is one.'),
  variables: z
    .record(z.string(), z.string())
    .optional()
    .describe("Values for the {name} places in the preset's addresses."),
  displayName: z.string().min(1).max(80).optional(),
  tokenEndpoint: z.string().optional().describe('Where refresh tokens are sent: https, never redirected.'),
  refreshUrl: z.string().optional(),
  rotation: rotation
    .optional()
    .describe('What becomes of the old refresh token; strict when nothing is known.'),
  idleDays: days.optional(),
  absoluteDays: days.optional(),
  absoluteFrom: z.enum(['first_consent', 'issue']).optional(),
  clientAuthenticationMethod: z
    .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'])
    .optional(),
  bodyFormat: z.enum(['form', 'json', 'query']).optional(),
  accept: z.string().optional(),
  tokenPath: z.string().optional(),
  errorIn200: z.strictObject({ path: z.string(), deadValues: z.array(z.string()) }).optional(),
  deadErrors: z.array(z.string()).optional(),
  refreshTokenExpiryFields: z.array(z.string()).optional(),
  expiryUnit: z.enum(['s', 'ms']).optional(),
  extraParameters: z.record(z.string(), z.string()).optional(),
  maxRefreshPer10Minutes: z.number().int().positive().optional(),
});

/** One refresh token: where it is kept, whose it is, and who refreshes it. */
export const grantEntry = z.strictObject({
  id: id.describe('Names the grant in alerts, and its control record.'),
  provider: z.string().describe('Id of one of the providers above, or of a preset that needs no variables.'),
  vault: z.string().describe('Address of the vault that holds the refresh token.'),
  secretName: objectName.describe('Name of the secret whose value is the refresh token.'),
  clientId: z.string().min(1).max(256).describe('Client id at the provider.'),
  clientSecret: z
    .strictObject({ vault: vaultUrl.optional(), secretName: objectName })
    .optional()
    .describe("Key Vault secret with the client's secret."),
  clientKey: z
    .strictObject({
      vault: vaultUrl.optional(),
      keyName: objectName,
      isCertificate: z.boolean().optional(),
      audience: z.string().optional(),
    })
    .optional()
    .describe('Key Vault key or certificate that signs the client assertion (private_key_jwt).'),
  mode: z
    .enum(['refreshed', 'observed'])
    .optional()
    .describe('observed: another system refreshes, Keywatch only watches the age of the stored copy.'),
  consentedAt: z
    .string()
    .optional()
    .describe('Day of the consent (2026-01-31), where an absolute limit counts from it.'),
  rotationCycleDays: days.optional().describe('How old the copy of an observed grant may grow.'),
  scopes: z.array(z.string().min(1)).optional(),
  owner: z.string().trim().min(1).max(128).optional(),
  runbook: httpsUrl.optional(),
  reconnectUrl: httpsUrl.optional().describe('Where a person renews the consent when the grant is dead.'),
});

export type ProviderEntry = z.infer<typeof providerEntry>;
export type GrantEntry = z.infer<typeof grantEntry>;
