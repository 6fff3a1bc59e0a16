import * as z from 'zod/mini';
import { described, optional, ownerName, textLike, textOf } from '../kernel/schema.ts';
import { nameMember, vaultMember } from '../oauth/clientAuthentication/members.ts';
import { CREDENTIAL_MEMBERS, METHODS } from '../oauth/clientAuthentication/methods.ts';
import { guid } from './directoryEntry.ts';
import { callMembers } from './grantEntries.ts';
import { linkForPeople, targetList } from './memberTypes.ts';

export const CLIENT_DEFAULTS = { authorityHost: 'login.microsoftonline.com', maxTokenMinutes: 1440 } as const;
export const ROTATION_DEFAULTS = { lifetimeDays: 180, atShare: 0.5, keepOldDays: 7 } as const;

const words = (what: string) =>
  optional(z.array(textOf(1, 300)).check(z.maxLength(100)), `${what}: these, and no others.`);

const apiKey = z.strictObject({
  vault: vaultMember,
  secretName: nameMember('secret'),
  header: described(
    textLike(/^[0-9A-Za-z-]{1,64}$/, 'the name of a header: letters, digits and dashes'),
    'Header that carries the key, like x-api-key.',
  ),
  prefix: optional(textOf(1, 32), 'What stands before the key in that header, like "Bearer ".'),
});

const call = z.strictObject({
  ...callMembers,
  url: optional(callMembers.url, 'Its address: https, never redirected, and without a secret.'),
  provider: optional(
    z.string(),
    'Instead of an address: id of one of the providers, or of a preset, whose own call it is (docs/providers.md).',
  ),
});

const rotate = z.strictObject({
  lifetimeDays: optional(z.int().check(z.minimum(2), z.maximum(730)), 'How long a new secret lives.').check(
    z.meta({ default: ROTATION_DEFAULTS.lifetimeDays }),
  ),
  atShare: optional(
    z.number().check(z.minimum(0.1), z.maximum(0.9)),
    'It is rotated when so much of its life is over.',
  ).check(z.meta({ default: ROTATION_DEFAULTS.atShare })),
  keepOldDays: optional(
    z.int().check(z.minimum(0), z.maximum(365)),
    'How long consumers may go on with the old one, before it is removed.',
  ).check(z.meta({ default: ROTATION_DEFAULTS.keepOldDays })),
  adopt: optional(
    z.array(guid).check(z.maxLength(100)),
    'Secrets that somebody else made and that may be removed all the same, by their key ids ("Secret ID").',
  ),
});

/** A client that gets tokens without a person (client credentials), or a static API key: to be proven. */
export const clientEntry = z.strictObject({
  id: described(
    textLike(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'up to 63 lower-case letters, digits and dashes'),
    'Names the client in alerts, as `client/ID`.',
  ),
  tenant: optional(
    z.string(),
    'Tenant of Microsoft Entra ID that issues the tokens: its GUID, or a verified domain. Absent: `tokenEndpoint` or `apiKey` is there.',
  ),
  authorityHost: optional(z.string(), 'Host of Entra ID, where it is not that of the public cloud.').check(
    z.meta({ default: CLIENT_DEFAULTS.authorityHost }),
  ),
  tokenEndpoint: optional(
    z.string(),
    'Of any other authorization server: https, never redirected. Each proof asks it for a token: where a client has one at a time, and a new one ends that of its consumers (Doorkeeper with `revoke_previous_client_credentials_token`), do not name it here.',
  ),
  issuer: optional(z.string(), 'Its issuer identifier, where it has one.'),
  clientId: optional(textOf(1, 256), 'Client id there.'),
  clientAuthenticationMethod: optional(
    z.enum(METHODS.map(({ name }) => name)),
    'How it proves itself where that is not what the members below say: client_secret_post for a secret.',
  ),
  vault: optional(z.string(), 'Address of the vault that holds its credential.'),
  ...CREDENTIAL_MEMBERS,
  apiKey: optional(apiKey, 'A static key that is sent as it is: only the call proves it.'),
  scopes: optional(
    z.array(textOf(1, 300)).check(z.minLength(1), z.maxLength(100)),
    'What is asked for. At Entra ID exactly one, `RESOURCE/.default`.',
  ),
  audience: optional(textOf(1, 300), 'The parameter `audience`, for servers that want one.'),
  expects: optional(
    z.strictObject({
      roles: words('Application roles that it needs'),
      scopes: words('Scopes that it needs'),
    }),
    'What its tokens should grant. What is missing alerts, and what is more is a finding.',
  ),
  rotate: optional(
    rotate,
    'At Entra ID: renews its client secret before it ends. Absent: nothing of it is ever changed (docs/rotation.md).',
  ),
  call: optional(call, 'One cheap call that shows that the credential is accepted where it is used.'),
  maxTokenMinutes: optional(
    z.int().check(z.minimum(1), z.maximum(525_600)),
    'How long an access token may live before that is a finding.',
  ).check(z.meta({ default: CLIENT_DEFAULTS.maxTokenMinutes })),
  displayName: optional(textOf(1, 80), 'What to call it in tables.'),
  targets: optional(targetList, 'Hosts that its tokens are used at: a label for alerts on 401s.'),
  owner: optional(ownerName, 'Who to turn to.'),
  runbook: optional(linkForPeople, 'What to do when it is refused.'),
});

export type ClientEntry = z.infer<typeof clientEntry>;
