import { z } from 'zod';
import { isLinkForPeople, LINK_FOR_PEOPLE } from '../kernel/linkForPeople.ts';
import { MAXIMUM_TARGETS, readTarget, whyNoTarget } from '../kernel/targets.ts';
import { ASSERTION_ALGORITHMS } from '../oauth/rules/assertionAlgorithm.ts';

const SECRET_NAME = /^[0-9A-Za-z-]{1,127}$/;
const vaultUrl = z.string().describe('Address of the vault; that of the grant when absent.');
const objectName = z
  .string()
  .regex(SECRET_NAME, 'the name of an object in Key Vault: letters, digits and dashes');
const linkForPeople = z
  .url({ protocol: /^https$/, error: LINK_FOR_PEOPLE, abort: true })
  .refine((text) => isLinkForPeople(text), { error: LINK_FOR_PEOPLE });
const days = z.number().positive().max(3650);
const target = z
  .string()
  .max(253)
  // For editors only; `readTarget` decides.
  .meta({ pattern: '^[0-9A-Za-z.-]+$' })
  .transform((given, context): string => {
    const host = readTarget(given);
    if (host !== undefined) return host;
    const message = `a full host name like api.partner.com; ${whyNoTarget(given)}`;
    context.addIssue({ code: 'custom', message, input: given });
    return z.NEVER;
  });
const id = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'up to 63 lower-case letters, digits and dashes');

const rotationKind = (kind: 'static' | 'keeps_old' | 'strict', meaning: string) =>
  z.strictObject({ kind: z.literal(kind).describe(meaning) });

const rotation = z.discriminatedUnion('kind', [
  rotationKind('static', 'The same token stays good.'),
  rotationKind('keeps_old', 'A new token comes, and the old one stays good.'),
  z.strictObject({
    kind: z.literal('grace').describe('The old token stays good for a while.'),
    graceSeconds: z.number().positive().describe('For how long.'),
  }),
  rotationKind('strict', 'The old token dies at once, and using it again kills its whole family.'),
]);

/** Words of a provider, which come before those that everybody knows. */
const errorWords = (meaning: string) =>
  z
    .array(z.string().trim().min(1).max(200))
    .max(100)
    .optional()
    .describe(
      `Words that mean ${meaning}. Each is a whole error code, or stands by itself in a description; case does not matter.`,
    );

/** One authorization server: a preset by name, a preset with changes, or a custom one with its endpoint. */
export const providerEntry = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'up to 63 lower-case letters, digits, dashes and underscores')
    .describe('Names the authorization server in `provider` of a grant, and in metrics.'),
  preset: z.string().optional().describe('Id of a preset; absent: the id of this entry where that is one.'),
  variables: z
    .record(z.string(), z.string())
    .optional()
    .describe("Values for the {name} places in the preset's addresses."),
  displayName: z.string().min(1).max(80).optional().describe('What to call it in tables and alerts.'),
  tokenEndpoint: z.string().optional().describe('Where refresh tokens are sent: https, never redirected.'),
  refreshUrl: z.string().optional().describe('Where refreshes go when not to the token endpoint.'),
  rotation: rotation
    .optional()
    .describe('What becomes of the old refresh token; strict when nothing is known.'),
  idleDays: days.optional().describe('Days after its last use at which an unused token dies.'),
  absoluteDays: days.optional().describe('Days after which a token dies however often it is used.'),
  absoluteFrom: z
    .enum(['first_consent', 'issue'])
    .optional()
    .describe('Whether a rotation starts the absolute days anew (`issue`) or not.'),
  clientAuthenticationMethod: z
    .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'])
    .optional()
    .describe('How the client proves itself.'),
  basicFormEncoding: z
    .boolean()
    .optional()
    .meta({ default: true })
    .describe(
      'False for a server that does not decode id and secret of client_secret_basic, against RFC 6749 2.3.1.',
    ),
  bodyFormat: z.enum(['form', 'json', 'query']).optional().describe('Where the parameters travel.'),
  accept: z.string().optional().describe('The accept header of a refresh.'),
  tokenPath: z
    .string()
    .optional()
    .describe('JSON pointer to the object of the answer that holds the tokens.'),
  errorIn200: z
    .strictObject({
      path: z.string().describe('JSON pointer to the error.'),
      deadValues: z.array(z.string()).describe('Errors that mean that the token is dead.'),
    })
    .optional()
    .describe('Where an error stands inside an HTTP 200.'),
  deadErrors: errorWords('that the refresh token is dead'),
  retryErrors: errorWords(
    'not now, as a rate limit or a collision with another client: the token is as good as before. They come before `deadErrors`',
  ),
  clientErrors: errorWords("that the client's own credential is refused"),
  configurationErrors: errorWords('that the request or a setting is at fault'),
  refreshTokenExpiryFields: z
    .array(z.string())
    .optional()
    .describe('Members of the answer that hold the lifetime of the refresh token.'),
  expiryUnit: z.enum(['s', 'ms']).optional().describe('Unit of the lifetimes in the answer.'),
  extraParameters: z
    .record(z.string(), z.string())
    .optional()
    .describe('Parameters beside the standard ones; no secrets.'),
  maxRefreshPer10Minutes: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('Refreshes that the endpoint bears in 10 minutes.'),
});

/** One refresh token: where it is kept, whose it is, and who refreshes it. */
export const grantEntry = z.strictObject({
  id: id.describe('Names the grant in alerts, and its control record.'),
  provider: z.string().describe('Id of one of the providers above, or of a preset that needs no variables.'),
  vault: z.string().describe('Address of the vault that holds the refresh token.'),
  secretName: objectName.describe(
    'Name of the secret whose value is the refresh token: of this grant alone, and no client secret of any (upper and lower case are one).',
  ),
  clientId: z.string().min(1).max(256).describe('Client id at the provider.'),
  clientSecret: z
    .strictObject({
      vault: vaultUrl.optional(),
      secretName: objectName.describe('Name of the secret in that vault.'),
    })
    .optional()
    .describe(
      "Key Vault secret with the client's secret. As deployed, the refresher may read only secrets whose name begins with oauth-.",
    ),
  clientKey: z
    .strictObject({
      vault: vaultUrl.optional(),
      keyName: objectName.describe('Name of the key or certificate in that vault.'),
      isCertificate: z
        .boolean()
        .optional()
        .describe('True when it is a certificate, whose thumbprint is sent.'),
      audience: z.string().optional().describe('`aud` of the assertion; the token endpoint when absent.'),
      algorithm: z
        .enum(ASSERTION_ALGORITHMS)
        .optional()
        .describe(
          'What signs the assertion; when absent RS256 for an RSA key (PS256 at the preset entra), and what the curve of an EC key prescribes.',
        ),
      lifetimeSeconds: z
        .number()
        .int()
        .min(30)
        .max(3600)
        .optional()
        .meta({ default: 300 })
        .describe('From `iat` to `exp` of the assertion.'),
    })
    .optional()
    .describe(
      'Key Vault key or certificate that signs the client assertion (private_key_jwt). The templates give the refresher no right on it: assign Key Vault Crypto User on that key, and Key Vault Certificate User where it is a certificate.',
    ),
  mode: z
    .enum(['refreshed', 'observed'])
    .optional()
    .meta({ default: 'refreshed' })
    .describe('observed: another system refreshes, Keywatch only watches the age of the stored copy.'),
  consentedAt: z
    .string()
    .optional()
    .describe(
      'Day of the consent (2026-01-31), where an absolute limit counts from it. Of a token that replaces another the later of this and the day it was written counts.',
    ),
  rotationCycleDays: days.optional().describe('How old the copy of an observed grant may grow.'),
  scopes: z
    .array(z.string().min(1))
    .optional()
    .describe('Scopes that the grant should have. This version only records them: it compares nothing.'),
  targets: z
    .array(target)
    .min(1)
    .max(MAXIMUM_TARGETS)
    .optional()
    .describe(
      `Hosts that its access tokens are used at, so that an alert on their 401s can name the grant; at most ${MAXIMUM_TARGETS}. Nothing is sent there.`,
    ),
  owner: z.string().trim().min(1).max(128).optional().describe('Who to turn to.'),
  runbook: linkForPeople.optional().describe('What to do when it fails.'),
  reconnectUrl: linkForPeople
    .optional()
    .describe('Where a person renews the consent when the grant is dead.'),
});

export type GrantEntry = z.infer<typeof grantEntry>;
