import { z } from 'zod';

const described = <T extends z.ZodType>(type: T, description: string): T => type.describe(description);
const days = z.number();

const rotation = z.union([
  z.strictObject({ kind: z.enum(['static', 'keeps_old', 'strict']) }),
  z.strictObject({ kind: z.literal('grace'), graceSeconds: z.number() }),
]);

/**
 * One entry of `providers` in the config file. A custom provider needs only a `tokenEndpoint`; a preset
 * only its variables. What the members mean together is checked by `profileFrom`.
 */
export const providerEntry = z.strictObject({
  preset: described(z.string().optional(), 'Id of a known provider; absent: the name of this entry.'),
  variables: described(
    z.record(z.string(), z.string()).optional(),
    'Values for the placeholders of the preset: tenant, domain, instance.',
  ),
  displayName: described(z.string().min(1).max(80).optional(), 'What to call it in tables and alerts.'),
  rotation: described(rotation.optional(), 'What becomes of the old refresh token; unknown is strict.'),
  idleDays: described(days.optional(), 'Days after its last use at which an unused token dies.'),
  absoluteDays: described(days.optional(), 'Days after which a token dies however often it is used.'),
  absoluteFrom: described(
    z.enum(['first_consent', 'issue']).optional(),
    'Whether a rotation starts the absolute days anew ("issue") or not.',
  ),
  tokenEndpoint: described(z.string().optional(), 'https address of the token endpoint.'),
  refreshUrl: described(z.string().optional(), 'Where refreshes go when not to the token endpoint.'),
  clientAuthenticationMethod: described(
    z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']).optional(),
    'How the client proves itself.',
  ),
  bodyFormat: described(z.enum(['form', 'json', 'query']).optional(), 'Where the parameters travel.'),
  accept: described(z.string().max(120).optional(), 'The accept header of a refresh.'),
  tokenPath: described(z.string().optional(), 'JSON pointer to the object that holds the tokens.'),
  errorIn200: described(
    z.strictObject({ path: z.string(), deadValues: z.array(z.string()) }).optional(),
    'Where an error stands inside an HTTP 200, and which mean that the token is dead.',
  ),
  deadErrors: described(
    z.array(z.string()).optional(),
    'Errors beside invalid_grant that mean a dead token.',
  ),
  refreshTokenExpiryFields: described(
    z.array(z.string()).optional(),
    'Members of the answer that hold the lifetime of the refresh token.',
  ),
  expiryUnit: described(z.enum(['s', 'ms']).optional(), 'Unit of the lifetimes in the answer.'),
  extraParameters: described(
    z.record(z.string(), z.string()).optional(),
    'Parameters beside the standard ones. No secrets: they are in the config file.',
  ),
  maxRefreshPer10Minutes: described(
    z.number().optional(),
    'Refreshes that the endpoint bears in 10 minutes.',
  ),
});

export type ProviderEntry = z.infer<typeof providerEntry>;
