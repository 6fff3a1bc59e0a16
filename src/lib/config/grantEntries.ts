import * as z from 'zod/mini';
import { described, keyVaultName, optional, ownerName, textLike, textOf } from '../kernel/schema.ts';
import { MAXIMUM_TARGETS } from '../kernel/targets.ts';
import { CREDENTIAL_MEMBERS, METHODS } from '../oauth/clientAuthentication/methods.ts';
import { authorizationEntry } from './authorizationEntry.ts';
import { accessTokensEntry } from './callersEntry.ts';
import { linkForPeople, targetList } from './memberTypes.ts';

const days = z.number().check(z.positive(), z.maximum(3650));
const rotationKind = <K extends 'static' | 'keeps_old' | 'strict'>(kind: K, meaning: string) =>
  z.strictObject({ kind: described(z.literal(kind), meaning) });

const rotation = z.discriminatedUnion('kind', [
  rotationKind('static', 'The same token stays good.'),
  rotationKind('keeps_old', 'A new token comes, and the old one stays good.'),
  z.strictObject({
    kind: described(z.literal('grace'), 'The old token stays good for a while.'),
    graceSeconds: described(z.number().check(z.positive()), 'For how long.'),
  }),
  rotationKind('strict', 'The old token dies at once, and using it again kills its whole family.'),
]);

/** Words of a provider, which come before those that everybody knows. */
const errorWords = (meaning: string) =>
  optional(
    z.array(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))).check(z.maxLength(100)),
    `Words that mean ${meaning}. Each is a whole error code, or stands by itself in a description; case does not matter.`,
  );

export const callMembers = {
  url: described(z.string(), 'Its address: https, never redirected, and without a secret.'),
  method: optional(z.enum(['GET', 'POST']), 'How it is called.').check(z.meta({ default: 'GET' })),
  expectedStatus: optional(
    z.int().check(z.minimum(200), z.maximum(599)),
    'What a good credential is answered; any from 200 to 299 when absent.',
  ),
};

/** One authorization server: a preset by name, a preset with changes, or a custom one with its endpoint. */
export const providerEntry = z.strictObject({
  id: described(
    textLike(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'up to 63 lower-case letters, digits, dashes and underscores'),
    'Names the authorization server in `provider` of a grant, and in metrics.',
  ),
  preset: optional(z.string(), 'Id of a preset; absent: the id of this entry where that is one.'),
  variables: optional(
    z.record(z.string(), z.string()),
    "Values for the {name} places in the preset's addresses.",
  ),
  displayName: optional(textOf(1, 80), 'What to call it in tables and alerts.'),
  tokenEndpoint: optional(z.string(), 'Where refresh tokens are sent: https, never redirected.'),
  refreshUrl: optional(z.string(), 'Where refreshes go when not to the token endpoint.'),
  rotation: optional(rotation, 'What becomes of the old refresh token; strict when nothing is known.'),
  idleDays: optional(days, 'Days after its last use at which an unused token dies.'),
  absoluteDays: optional(days, 'Days after which a token dies however often it is used.'),
  absoluteFrom: optional(
    z.enum(['first_consent', 'issue']),
    'Whether a rotation starts the absolute days anew (`issue`) or not.',
  ),
  clientAuthenticationMethod: optional(
    z.enum(METHODS.map(({ name }) => name)),
    `How the client proves itself: ${METHODS.map(({ name, meaning }) => `${name} (${meaning})`).join(', ')}.`,
  ),
  basicFormEncoding: optional(
    z.boolean(),
    'False for a server that does not decode id and secret of client_secret_basic, against RFC 6749 2.3.1.',
  ).check(z.meta({ default: true })),
  bodyFormat: optional(z.enum(['form', 'json', 'query']), 'Where the parameters travel.'),
  accept: optional(z.string(), 'The accept header of a refresh.'),
  tokenPath: optional(z.string(), 'JSON pointer to the object of the answer that holds the tokens.'),
  errorIn200: optional(
    z.strictObject({
      path: described(z.string(), 'JSON pointer to the error.'),
      deadValues: described(z.array(z.string()), 'Errors that mean that the token is dead.'),
    }),
    'Where an error stands inside an HTTP 200.',
  ),
  deadErrors: errorWords('that the refresh token is dead'),
  retryErrors: errorWords(
    'not now, as a rate limit or a collision with another client: the token is as good as before. They come before `deadErrors`',
  ),
  clientErrors: errorWords("that the client's own credential is refused"),
  configurationErrors: errorWords('that the request or a setting is at fault'),
  refreshTokenExpiryFields: optional(
    z.array(z.string()),
    'Members of the answer that hold the lifetime of the refresh token, or its end.',
  ),
  expiryUnit: optional(z.enum(['s', 'ms']), 'Unit of the lifetimes in the answer.'),
  extraParameters: optional(
    z.record(z.string(), z.string()),
    'Parameters beside the standard ones; no secrets. Where a provider wants it with a refresh, `redirect_uri`, too, and `client_id` beside `client_secret_basic`.',
  ),
  introspectionEndpoint: optional(
    z.string(),
    'Where it says whether an access token is good (RFC 7662): https, never redirected.',
  ),
  authorization: optional(authorizationEntry, 'How `npm run connect` asks a person for a consent.'),
  proofCall: optional(
    z.strictObject(callMembers),
    'One cheap call that shows, after a refresh, that the new access token is accepted.',
  ),
  maxRefreshPer10Minutes: optional(
    z.int().check(z.positive()),
    'Refreshes that the endpoint bears in 10 minutes.',
  ),
});

/** One refresh token: where it is kept, whose it is, and who refreshes it. */
export const grantEntry = z.strictObject({
  id: described(
    textLike(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'up to 63 lower-case letters, digits and dashes'),
    'Names the grant in alerts, and its control record.',
  ),
  provider: described(
    z.string(),
    'Id of one of the providers above, or of a preset that needs no variables.',
  ),
  vault: described(z.string(), 'Address of the vault that holds the refresh token.'),
  secretName: described(
    keyVaultName,
    'Name of the secret whose value is the refresh token: of this grant alone, and no client secret of any (upper and lower case are one).',
  ),
  clientId: described(textOf(1, 256), 'Client id at the provider.'),
  ...CREDENTIAL_MEMBERS,
  scopes: optional(
    z
      .array(textLike(/^[\x21\x23-\x5b\x5d-\x7e]{1,400}$/, 'scopes without blanks and quotes'))
      .check(z.maxLength(100)),
    'What `npm run connect` asks for, besides what a refresh token takes at that provider; a refresh that covers less is reported.',
  ),
  mode: optional(
    z.enum(['refreshed', 'observed']),
    'observed: another system refreshes, Keywatch only watches the age of the stored copy.',
  ).check(z.meta({ default: 'refreshed' })),
  consentedAt: optional(
    z.string(),
    'Day of the consent (2026-01-31), where an absolute limit counts from it. Of a token that replaces another the later of this and the day it was written counts.',
  ),
  rotationCycleDays: optional(days, 'How old the copy of an observed grant may grow.'),
  targets: optional(
    targetList,
    `Hosts that its access tokens are used at, so that an alert on their 401s can name the grant; at most ${MAXIMUM_TARGETS}. Nothing is sent there.`,
  ),
  prove: optional(
    z.boolean(),
    'Whether each new access token is tried at its provider (`introspectionEndpoint`, `proofCall`: docs/providers.md), after the refresh token is stored.',
  ).check(z.meta({ default: false })),
  accessTokens: optional(
    accessTokensEntry,
    'Whether Keywatch hands out its access tokens, and to whom; an empty object: by role alone. Absent: it hands out none.',
  ),
  owner: optional(ownerName, 'Who to turn to.'),
  runbook: optional(linkForPeople, 'What to do when it fails.'),
  reconnectUrl: optional(
    linkForPeople,
    'Where a person renews the consent when the grant is dead; absent: the page of this app, where people can sign in (docs/connect.md).',
  ),
});

export type GrantEntry = z.infer<typeof grantEntry>;
