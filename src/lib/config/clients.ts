import { printable } from '../kernel/printable.ts';
import type { EntryContext } from '../oauth/clientAuthentication/method.ts';
import { CREDENTIAL_MEMBERS, METHODS } from '../oauth/clientAuthentication/methods.ts';
import { readClientCredential } from '../oauth/clientAuthentication/readClientCredential.ts';
import type { ProofCall } from '../oauth/rules/providerProfile.ts';
import { addressFaults } from '../oauth/rules/validateProfile.ts';
import type { ConfiguredClient } from '../prove/configuredClient.ts';
import type { TokenIssuer } from '../prove/ports.ts';
import { CLIENT_DEFAULTS, type ClientEntry } from './clientEntries.ts';
import type { IssueList } from './configIssue.ts';
import { type Profiles, profileOf, secretReference } from './grants.ts';

interface Reading extends Pick<EntryContext, 'fault' | 'objectOf'> {
  readonly profiles: Profiles;
  readonly allowLoopback: boolean;
  readonly where: string;
}

/** The clients of a config file; whatever is wrong with them is added to `issues`. */
export const readClients = (
  entries: readonly ClientEntry[] | undefined,
  profiles: Profiles,
  allowLoopback: boolean,
  issues: IssueList,
): readonly ConfiguredClient[] => {
  const seen = new Map<string, string>();
  return (entries ?? []).flatMap((entry, index): ConfiguredClient[] => {
    const where = `config file: clients[${index}]`;
    // A fault of the member `''` is one of the entry as a whole.
    const fault: Reading['fault'] = (member, given, allowed) =>
      void issues.add(member === '' ? where : `${where}.${member}`, given, allowed);
    const first = seen.get(entry.id);
    if (first !== undefined) fault('', `id "${entry.id}", like ${first}`, 'each once');
    seen.set(entry.id, where);
    const objectOf: Reading['objectOf'] = (kind, setting, vault = entry.vault, name) => {
      if (vault === undefined) {
        fault('vault', `missing, and ${setting} names none of its own`, 'the address of a vault');
        return undefined;
      }
      const object = secretReference(vault, name, allowLoopback, `${where}.${setting}`, issues);
      return object && { kind, setting, ...object };
    };
    const reading: Reading = { profiles, allowLoopback, where, fault, objectOf };
    const call = callOf(entry, reading, issues);
    const subject =
      entry.apiKey === undefined ? clientOf(entry, reading) : keyOf(entry, entry.apiKey, reading);
    if (subject === undefined) return [];
    const { id, displayName, owner, runbook, targets } = entry;
    return [{ id, displayName, owner, runbook, targets: targets && [...new Set(targets)], subject, call }];
  });
};

/** What they hold decides where a request goes and ends. */
const OF_HTTP = /^(?:host|connection|expect|te|trailer|upgrade|content-.+|transfer-.+)$/i;
const NOT_FOR_A_KEY = ['tenant', 'tokenEndpoint', 'clientId', 'scopes', 'audience', 'expects'] as const;

const keyOf = (
  entry: ClientEntry,
  { vault, secretName, header, prefix = '' }: NonNullable<ClientEntry['apiKey']>,
  { fault, objectOf }: Reading,
): ConfiguredClient['subject'] | undefined => {
  for (const member of NOT_FOR_A_KEY)
    if (entry[member] !== undefined) fault(member, 'beside apiKey', 'apiKey and call alone: no token is got');
  if (entry.call === undefined) fault('call', 'missing', 'a call: nothing else proves a static key');
  if (OF_HTTP.test(header)) fault('apiKey.header', `"${header}"`, 'a header that HTTP itself does not need');
  const secret = objectOf('secret', 'apiKey', vault, secretName);
  return secret && { kind: 'api_key', key: { secret, header, prefix } };
};

const clientOf = (entry: ClientEntry, reading: Reading): ConfiguredClient['subject'] | undefined => {
  const { id, clientId, expects, audience, scopes = [] } = entry;
  const { fault, objectOf } = reading;
  const issuer = issuerOf(entry, reading);
  if (clientId === undefined) fault('clientId', 'missing', 'the id of the client');
  if (issuer?.kind === 'entra' && (scopes.length !== 1 || !scopes[0]?.endsWith('/.default')))
    fault(
      'scopes',
      scopes.join(' ') || 'missing',
      'exactly one at Entra ID, like https://graph.microsoft.com/.default',
    );
  if (clientId === undefined || issuer === undefined) return undefined;
  const credential = readClientCredential(methodOf(entry), entry, {
    clientId,
    rsaAssertionAlgorithm: issuer.kind === 'entra' ? 'PS256' : undefined,
    objectOf,
    fault,
  });
  if (credential === undefined) return undefined;
  if (credential.method === 'none') {
    // @see RFC 6749 §4.4: only a confidential client may use this grant.
    fault('', 'no credential', `one of ${Object.keys(CREDENTIAL_MEMBERS).join(', ')}, apiKey`);
    return undefined;
  }
  return {
    kind: 'client',
    client: { id, clientId, issuer, credential, scopes, audience },
    expects: {
      roles: expects?.roles,
      // What is asked for by name is what is expected; `/.default` names nothing.
      scopes: expects?.scopes ?? (issuer.kind === 'oauth' && scopes.length > 0 ? scopes : undefined),
      maxTokenMinutes: entry.maxTokenMinutes ?? CLIENT_DEFAULTS.maxTokenMinutes,
    },
  };
};

/** The method that is named, else the one whose members are there: of those for a secret `client_secret_post`. */
const methodOf = (entry: ClientEntry): string => {
  const given = Object.keys(CREDENTIAL_MEMBERS).filter(
    (member) => (entry as Record<string, unknown>)[member] !== undefined,
  );
  const fitting = METHODS.filter(({ members }) => Object.keys(members).join() === given.join());
  const named = entry.clientAuthenticationMethod;
  return named ?? fitting.find(({ name }) => name !== 'client_secret_basic')?.name ?? 'client_secret_post';
};

const TENANT = /^(?!(?:common|organizations|consumers)$)[0-9A-Za-z][0-9A-Za-z.-]{1,252}$/;
const AUTHORITY = /^[0-9a-z.-]+(?::\d{1,5})?$/;

const issuerOf = (entry: ClientEntry, { fault, allowLoopback }: Reading): TokenIssuer | undefined => {
  const { tenant, tokenEndpoint, issuer, authorityHost = CLIENT_DEFAULTS.authorityHost } = entry;
  if ((tenant === undefined) === (tokenEndpoint === undefined)) {
    fault(
      '',
      tenant === undefined ? 'no tenant' : 'tenant and tokenEndpoint',
      'one of tenant, tokenEndpoint, apiKey',
    );
    return undefined;
  }
  if (tokenEndpoint !== undefined) {
    const faults = addressFaults('tokenEndpoint', tokenEndpoint, allowLoopback);
    for (const { member, given, allowed } of faults) fault(member, given, allowed);
    return faults.length > 0 ? undefined : { kind: 'oauth', tokenEndpoint, issuer };
  }
  if (tenant === undefined || !TENANT.test(tenant))
    fault('tenant', `"${printable(tenant ?? '')}"`, 'the GUID or a verified domain of one tenant');
  if (!AUTHORITY.test(authorityHost) || (authorityHost.includes(':') && !allowLoopback))
    fault('authorityHost', `"${printable(authorityHost)}"`, `a host like ${CLIENT_DEFAULTS.authorityHost}`);
  return { kind: 'entra', tenantId: tenant ?? '', authorityHost };
};

const callOf = (
  { call }: ClientEntry,
  { profiles, allowLoopback, where, fault }: Reading,
  issues: IssueList,
): ProofCall | undefined => {
  if (call === undefined) return undefined;
  const { provider, url, method, expectedStatus } = call;
  if ((provider === undefined) === (url === undefined)) {
    fault('call', provider === undefined ? 'neither url nor provider' : 'url and provider', 'one of the two');
    return undefined;
  }
  if (url !== undefined) {
    for (const { given, allowed } of addressFaults('url', url, allowLoopback))
      fault('call.url', given, allowed);
    return { url, method, expectedStatus };
  }
  const profile = profileOf(provider ?? '', profiles, `${where}.call.provider`, issues);
  if (profile !== undefined && profile.proofCall === undefined)
    fault(
      'call.provider',
      `"${printable(profile.id)}", which has no call`,
      'a url, or a provider with a proofCall',
    );
  return profile?.proofCall;
};
