import { isLoopback, readVaultUrl } from '../kernel/vaultUrl.ts';
import type { ConfigRule } from '../scan/rules/configRule.ts';
import { type DirectoryScope, directoryTarget } from '../scan/rules/directoryScope.ts';
import { isSame } from '../scan/rules/namePattern.ts';
import type { Source } from '../scan/rules/sources.ts';
import { type Tie, type Ties, tieKey } from '../scan/rules/tiedSecret.ts';
import { vaultRules } from '../scan/rules/vaultRules.ts';
import type { IssueList } from './configIssue.ts';
import type { ConfigFile } from './file.ts';
import { saysOf } from './vaults.ts';

/** The tenant that is scanned. */
export interface DirectorySettings {
  readonly tenantId: string;
  /** Origin of Microsoft Graph; absent: the public one. */
  readonly graphUrl: string | undefined;
  readonly scope: DirectoryScope;
}

const WHERE = 'config file: directory';

/** Nobody else's host gets a token of the scanner. */
const GRAPH_HOSTS: ReadonlySet<string> = new Set([
  'graph.microsoft.com',
  'graph.microsoft.us',
  'dod-graph.microsoft.us',
  'microsoftgraph.chinacloudapi.cn',
]);

interface Surroundings {
  readonly allowLoopback: boolean;
  readonly defaults: readonly Source[];
  readonly rules: readonly ConfigRule[];
  readonly vaultNames: readonly string[];
}

/** What the tenant is called; `undefined` where none is named. */
export const directoryNameOf = ({ directory }: ConfigFile): string | undefined =>
  directory && (directory.name ?? 'entra');

/** The tenant of the config file, adding whatever is wrong to `issues`; `undefined` where none is named. */
export const readDirectory = (
  file: ConfigFile,
  { allowLoopback, defaults, rules, vaultNames }: Surroundings,
  issues: IssueList,
): DirectorySettings | undefined => {
  const { directory: entry } = file;
  const name = directoryNameOf(file);
  if (entry === undefined || name === undefined) return undefined;
  const { tenantId, servicePrincipals = false, saml = false } = entry;
  if (vaultNames.some((vault) => isSame(vault, name)))
    issues.add(`${WHERE}.name`, `called "${name}" like a vault`, 'a name of its own');
  const target = directoryTarget(tenantId);
  const says = saysOf(entry, defaults, { origin: 'directory', where: WHERE }, issues);
  const policy = { name, says, rules: vaultRules(rules, { name, url: target }) };
  const graphUrl = readGraphUrl(entry.graphUrl, allowLoopback, issues);
  return { tenantId, graphUrl, scope: { target, servicePrincipals, saml, policy } };
};

const readGraphUrl = (
  text: string | undefined,
  allowLoopback: boolean,
  issues: IssueList,
): string | undefined => {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && GRAPH_HOSTS.has(url.host)) return url.origin;
  if (url !== undefined && allowLoopback && isLoopback(url.origin)) return url.origin;
  const allowed = [...GRAPH_HOSTS].map((host) => `https://${host}`).join(', ');
  issues.add(`${WHERE}.graphUrl`, `"${text}"`, allowed);
  return undefined;
};

export interface TiedVaults {
  readonly ties: Ties;
  /** Of those secrets, each once: what is not scanned cannot be compared. */
  readonly vaultUrls: readonly string[];
}

/** Which secrets of vaults hold secrets of applications, adding whatever is wrong to `issues`. */
export const readTies = (
  { directory }: ConfigFile,
  allowLoopback: boolean,
  issues: IssueList,
): TiedVaults => {
  const ties = new Map<string, Tie>();
  const vaultUrls = new Set<string>();
  for (const [index, { appId, keyId, vault, secretName }] of (directory?.applications ?? []).entries()) {
    const where = `${WHERE}.applications[${index}]`;
    const reading = readVaultUrl(vault, allowLoopback);
    if (!reading.ok) {
      issues.add(`${where}.vault`, reading.problem, 'the address of a vault');
      continue;
    }
    const key = tieKey(reading.vaultUrl, secretName);
    if (ties.has(key)) issues.add(where, `${secretName} a second time`, 'each secret once');
    ties.set(key, { appId, keyId });
    vaultUrls.add(reading.vaultUrl);
  }
  return { ties, vaultUrls: [...vaultUrls] };
};
