import { TAGS } from '../credentials/tagNames.ts';
import { readInstant } from '../kernel/instant.ts';
import { nearestName } from '../kernel/nearestName.ts';
import { printable } from '../kernel/printable.ts';
import { readVaultUrl } from '../kernel/vaultUrl.ts';
import { readClientCredential } from '../oauth/clientAuthentication/readClientCredential.ts';
import { providerPreset } from '../oauth/presets/providerPreset.ts';
import { type ProviderSettings, profileFrom } from '../oauth/presets/providerSettings.ts';
import type { ConfiguredGrant, Grant, SecretReference } from '../oauth/rules/grant.ts';
import type { ProviderProfile } from '../oauth/rules/providerProfile.ts';
import type { IssueList } from './configIssue.ts';
import type { ConfigFile } from './file.ts';
import type { GrantEntry } from './grantEntries.ts';
/** Joins the grants of a config file with their providers, adding whatever is wrong to `issues`. */
export const readGrants = (
  file: ConfigFile,
  profiles: Profiles,
  allowLoopback: boolean,
  issues: IssueList,
): readonly ConfiguredGrant[] => {
  const seen = new Map<string, string>();
  const claim = (what: string, where: string, key = what): void => {
    const first = seen.get(key);
    if (first !== undefined) issues.add(where, `${what}, like ${first}`, 'each once');
    seen.set(key, where);
  };
  const clientSecrets: { readonly secret: SecretReference; readonly where: string }[] = [];
  const grants = (file.grants ?? []).flatMap((entry, index): ConfiguredGrant[] => {
    const where = `config file: grants[${index}]`;
    const profile = profileOf(entry.provider, profiles, `${where}.provider`, issues);
    const secret = secretReference(entry.vault, entry.secretName, allowLoopback, where, issues);
    claim(`id "${entry.id}"`, where);
    if (secret !== undefined) claim(`secret ${secret.name} of ${secret.vaultUrl}`, where, secretKey(secret));
    if (profile === undefined || secret === undefined) return [];
    const clientCredential = readClientCredential(profile.clientAuthenticationMethod, entry, {
      ...profile,
      clientId: entry.clientId,
      objectOf(kind, setting, vault = entry.vault, name) {
        const object = secretReference(vault, name, allowLoopback, `${where}.${setting}`, issues);
        return object && { kind, setting, ...object };
      },
      fault(member, given, allowed) {
        issues.add(member === '' ? where : `${where}.${member}`, given, allowed);
      },
    });
    const consentedAtEpochMs = consentOf(entry, where, issues);
    if (entry.targets !== undefined && entry.mode === 'observed') {
      const instead = `none here: tag the secret with ${TAGS.target}, as an observed grant reports nothing of its own`;
      issues.add(`${where}.targets`, 'targets of an observed grant', instead);
    }
    if (
      entry.prove === true &&
      profile.proofCall === undefined &&
      profile.introspectionEndpoint === undefined
    ) {
      const given = `true, and ${profile.id} has no proofCall`;
      issues.add(`${where}.prove`, given, 'a provider with a proofCall, or an introspectionEndpoint');
    }
    if (clientCredential === undefined) return [];
    for (const object of clientCredential.objects)
      if (object.kind === 'secret')
        clientSecrets.push({ secret: object, where: `${where}.${object.setting}` });
    const { targets, accessTokens } = entry;
    const grant: Grant = {
      id: entry.id,
      provider: entry.provider,
      clientId: entry.clientId,
      clientCredential,
      secret,
      scopes: entry.scopes,
      mode: entry.mode ?? 'refreshed',
      consentedAtEpochMs,
      rotationCycleDays: entry.rotationCycleDays,
      targets: targets && [...new Set(targets)],
      prove: entry.prove,
      accessTokens: accessTokens && { callers: accessTokens.callers ?? [] },
      owner: entry.owner,
      runbook: entry.runbook,
      reconnectUrl: entry.reconnectUrl,
    };
    return [{ grant, profile }];
  });
  for (const { secret, where } of clientSecrets) {
    const owner = seen.get(secretKey(secret));
    if (owner === undefined) continue;
    const given = `secret ${secret.name} of ${secret.vaultUrl}, which holds the refresh token of ${owner}`;
    issues.add(where, given, 'a secret of its own');
  }
  return grants;
};

/** Key Vault does not tell upper from lower case in a name: two spellings are one secret, and one token. */
const secretKey = ({ vaultUrl, name }: SecretReference): string =>
  `secret ${name.toLowerCase()} of ${vaultUrl}`;

/** Profiles by id; `undefined` for one that is there and has issues, which are reported once and not by every grant. */
export type Profiles = ReadonlyMap<string, ProviderProfile | undefined>;

export const readProviders = (file: ConfigFile, allowLoopback: boolean, issues: IssueList): Profiles => {
  const profiles = new Map<string, ProviderProfile | undefined>();
  for (const [index, { id, ...settings }] of (file.providers ?? []).entries()) {
    const where = `config file: providers[${index}]`;
    if (profiles.has(id)) issues.add(where, `id "${id}" a second time`, 'each once');
    // JSON has no undefined: what is in the entry is there.
    const reading = profileFrom(id, settings as ProviderSettings, { allowLoopback });
    profiles.set(id, reading.ok ? reading.profile : undefined);
    if (reading.ok) continue;
    for (const { member, given, allowed } of reading.faults) issues.add(`${where}.${member}`, given, allowed);
  }
  return profiles;
};

/** The profile of a provider by its id in the config, or that of a preset; absent: it is at fault, which is reported. */
export const profileOf = (
  provider: string,
  profiles: Profiles,
  where: string,
  issues: IssueList,
): ProviderProfile | undefined => {
  if (profiles.has(provider)) return profiles.get(provider);
  if (providerPreset(provider) !== undefined) {
    const reading = profileFrom(provider, {});
    if (reading.ok) return reading.profile;
    for (const { given, allowed } of reading.faults) issues.add(where, `"${provider}": ${given}`, allowed);
    return undefined;
  }
  const near = nearestName(provider, [...profiles.keys()]);
  const allowed =
    near === undefined ? 'the id of one of "providers", or of a preset' : `"${near}", if that was meant`;
  issues.add(where, `"${printable(provider)}"`, allowed);
  return undefined;
};

export const secretReference = (
  vault: string,
  name: string,
  allowLoopback: boolean,
  where: string,
  issues: IssueList,
): SecretReference | undefined => {
  const reading = readVaultUrl(vault, allowLoopback);
  if (reading.ok) return { vaultUrl: reading.vaultUrl, name };
  issues.add(`${where}.vault`, reading.problem, 'the address of a vault');
  return undefined;
};

const consentOf = ({ consentedAt }: GrantEntry, where: string, issues: IssueList): number | undefined => {
  if (consentedAt === undefined) return undefined;
  const epochMs = readInstant(consentedAt);
  if (epochMs === undefined) {
    issues.add(`${where}.consentedAt`, `"${printable(consentedAt)}"`, 'a day like 2026-01-31');
  }
  return epochMs;
};
