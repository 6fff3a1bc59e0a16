import type { CallersSettings } from '../callers/rules/roles.ts';
import type { NamedTarget, SourceName } from '../credentials/sources.ts';
import { readDeployment, UNNAMED_DEPLOYMENT } from '../kernel/deployment.ts';
import { printable } from '../kernel/printable.ts';
import { vaultNameOf } from '../kernel/vaultUrl.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import type { ConfiguredClient } from '../prove/configuredClient.ts';
import type { VaultPolicy } from '../scan/rules/assess.ts';
import type { ConfigRule } from '../scan/rules/configRule.ts';
import { isSame } from '../scan/rules/namePattern.ts';
import type { Ties } from '../scan/rules/tiedSecret.ts';
import { vaultRules } from '../scan/rules/vaultRules.ts';
import { readCallers, readPublicUrl } from './callers.ts';
import { readClients } from './clients.ts';
import { ConfigError, type IssueList, issueList } from './configIssue.ts';
import { type DirectorySettings, directoryNameOf, readDirectory, readTies } from './directory.ts';
import type { ConfigFile } from './file.ts';
import { grantObjectsByVault, usedVaultUrls } from './grantObjects.ts';
import { readGrants, readProviders } from './grants.ts';
import { readConfigFile } from './readFile.ts';
import { withReconnectLinks } from './reconnectLinks.ts';
import { readRotations } from './rotations.ts';
import { readRules } from './rules.ts';
import { readSettings, SETTINGS, type Settings } from './settings.ts';
import {
  type RefreshSettings,
  type RotateSettings,
  refreshSettings,
  rotateSettings,
} from './storeSettings.ts';
import { unsafeEnvironmentIssues } from './unsafeEnvironment.ts';
import { otherVaultsOf, saysOf, type WatchedVault, watchedVaults } from './vaults.ts';

/** Everything Keywatch was told, checked and frozen. */
export interface Config {
  /** True when stand-ins on this machine are accepted. */
  readonly allowLoopback: boolean;
  /** Which of several Keywatch this is: the name of the site, or what it was given. */
  readonly deployment: string;
  readonly vaults: readonly WatchedVault[];
  /** Of every source. */
  readonly targets: readonly NamedTarget[];
  readonly subscriptionIds: readonly string[];
  readonly scanTimeoutMs: number;
  readonly dailyReportHourUtc: number;
  readonly scannerClientId: string | undefined;
  readonly refresherClientId: string | undefined;
  readonly rotatorClientId: string | undefined;
  readonly blobServiceUrl: string | undefined;
  readonly queueServiceUrl: string | undefined;
  readonly applicationInsightsConnectionString: string | undefined;
  readonly grants: readonly ConfiguredGrant[];
  /** Whose credential is proven by using it. */
  readonly clients: readonly ConfiguredClient[];
  /** For credentials that somebody may not tag, most exact first. */
  readonly rules: readonly ConfigRule[];
  /** The tenant of Entra ID whose applications are scanned; absent: none. */
  readonly directory: DirectorySettings | undefined;
  /** Secrets of vaults that hold the secret of an application, by the config. */
  readonly ties: Ties;
  /** What refreshing needs; absent where no grant is refreshed. */
  readonly refresh: RefreshSettings | undefined;
  /** Which client secrets are rotated, and with what; absent where none is. */
  readonly rotate: RotateSettings | undefined;
  /** Who may call the protected addresses; absent: nobody. */
  readonly callers: CallersSettings | undefined;
  /** Origin of this app for browsers; absent: nobody can sign in there. */
  readonly publicUrl: string | undefined;
  /** What stands before the path of a runbook, with a slash at its end. */
  readonly runbookBaseUrl: string | undefined;
  readonly workbookUrl: string | undefined;
  /** Workspace that is asked who uses which credential; absent: none is. */
  readonly useWorkspaceId: string | undefined;
  /** How a vault is called and judged, also one that only discovery knows. */
  policyOf(vaultUrl: string): VaultPolicy;
}

export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of the config file at a path; `undefined` when there is none. */
  readonly readTextFile: (path: string) => string | undefined;
  /** False for who changes nothing: then `refresh` and `rotate` are absent, and no setting of them is demanded. True when absent. */
  readonly refreshes?: boolean;
}

/**
 * Reads settings and config file into one frozen `Config`.
 * @throws ConfigError with every fault at once
 */
export const loadConfig = ({ environment, readTextFile, refreshes = true }: ConfigSources): Config => {
  const { settings, issues: settingIssues } = readSettings(environment);
  const issues = issueList([...unsafeEnvironmentIssues(environment), ...settingIssues]);
  const allowLoopback = settings.KEYWATCH_LOCAL;
  const site = environment['WEBSITE_SITE_NAME'];
  if (allowLoopback && site !== undefined) {
    issues.add('KEYWATCH_LOCAL', '"true" in Azure', '"false": stand-ins are for a laptop');
  }
  const deployment = deploymentOf(site, settings, issues);
  const file = readFileOf(settings, environment, readTextFile, issues);
  const defaults = saysOf(
    file.defaults ?? {},
    [],
    { origin: 'defaults', where: 'config file: defaults' },
    issues,
  );
  const named = watchedVaults(settings, file, defaults, allowLoopback, issues);
  const profiles = readProviders(file, allowLoopback, issues);
  const callers = readCallers(file, issues);
  const publicUrl = readPublicUrl(settings, issues);
  const grants = withReconnectLinks(readGrants(file, profiles, allowLoopback, issues), {
    callers,
    publicUrl,
  });
  const clients = readClients(file.clients, profiles, allowLoopback, issues);
  const nameOf = (url: string): string => {
    const name = vaultNameOf(url);
    // Under one name, in any case, the credentials of two vaults, or of a vault and a tenant, would be one.
    const others = named.filter((vault) => vault.url !== url).map(({ policy }) => policy.name);
    const isTaken = [...others, directoryNameOf(file) ?? ''].some((other) => isSame(other, name));
    return isTaken ? new URL(url).host : name;
  };
  const nameOfAny = (url: string) => named.find((vault) => vault.url === url)?.policy.name ?? nameOf(url);
  const rules = readRules(file.rules, { allowLoopback, nameOf: nameOfAny }, issues);
  const grantObjects = grantObjectsByVault(grants);
  const tied = readTies(file, allowLoopback, issues);
  const isSealing =
    grants.some(({ grant }) => grant.mode === 'refreshed') || file.clients?.some(({ rotate }) => rotate);
  const sealingKeyId = isSealing ? settings.KEYWATCH_SEALING_KEY_ID : undefined;
  const usedUrls = [...usedVaultUrls(grants, clients, sealingKeyId), ...tied.vaultUrls];
  const vaults = [
    ...named,
    ...otherVaultsOf(usedUrls, named, (url) => ({ says: defaults, name: nameOf(url) })),
  ];
  const vaultNames = vaults.map(({ policy }) => policy.name);
  const directory = readDirectory(file, { allowLoopback, defaults, rules, vaultNames }, issues);
  const rotations = readRotations(file.clients, clients, directory, issues);
  const refresh = refreshes ? refreshSettings(settings, grants, issues) : undefined;
  const rotate = refreshes ? rotateSettings(settings, rotations, issues) : undefined;
  if (issues.found.length > 0) throw new ConfigError(issues.found);
  const byUrl = new Map(vaults.map((vault) => [vault.url, vault.policy]));
  return Object.freeze({
    allowLoopback,
    deployment,
    vaults,
    targets: [
      ...vaults.map(({ url, policy }) => targetOf('keyvault', url, policy)),
      ...(directory === undefined ? [] : [targetOf('entra', directory.scope.target, directory.scope.policy)]),
    ],
    subscriptionIds: settings.KEYWATCH_SUBSCRIPTIONS ?? [],
    scanTimeoutMs: settings.KEYWATCH_SCAN_TIMEOUT_SECONDS * 1000,
    dailyReportHourUtc: settings.KEYWATCH_DAILY_REPORT_HOUR_UTC,
    scannerClientId: settings.KEYWATCH_SCANNER_CLIENT_ID,
    refresherClientId: settings.KEYWATCH_REFRESHER_CLIENT_ID,
    rotatorClientId: settings.KEYWATCH_ROTATOR_CLIENT_ID,
    blobServiceUrl: settings.KEYWATCH_BLOB_SERVICE_URL,
    queueServiceUrl: settings.KEYWATCH_QUEUE_SERVICE_URL,
    applicationInsightsConnectionString: environment['APPLICATIONINSIGHTS_CONNECTION_STRING'] || undefined,
    grants,
    clients,
    rules,
    directory,
    ties: tied.ties,
    refresh,
    rotate,
    callers,
    publicUrl,
    runbookBaseUrl: settings.KEYWATCH_RUNBOOK_BASE_URL?.replace(/\/?$/, '/'),
    workbookUrl: settings.KEYWATCH_WORKBOOK_URL,
    useWorkspaceId: settings.KEYWATCH_USE_WORKSPACE_ID,
    policyOf: (vaultUrl: string) => {
      const policy = byUrl.get(vaultUrl) ?? { says: defaults, name: nameOf(vaultUrl) };
      return {
        ...policy,
        rules: vaultRules(rules, { name: policy.name, url: vaultUrl }),
        grantObjects: grantObjects.get(vaultUrl),
      };
    },
  });
};

const targetOf = (source: SourceName, target: string, { name }: VaultPolicy): NamedTarget => ({
  ...{ source, target, name },
});

const deploymentOf = (
  site: string | undefined,
  { KEYWATCH_DEPLOYMENT: given }: Settings,
  issues: IssueList,
): string => {
  if (!site) return given;
  const id = readDeployment(site);
  if (id === undefined)
    issues.add('WEBSITE_SITE_NAME', `"${printable(site)}"`, SETTINGS.KEYWATCH_DEPLOYMENT.allowed);
  else if (given !== UNNAMED_DEPLOYMENT && given !== id)
    issues.add('KEYWATCH_DEPLOYMENT', `"${given}" in Azure`, `nothing but the name of the site, "${id}"`);
  return id ?? given;
};

const readFileOf = (
  { KEYWATCH_CONFIG_FILE: path }: Settings,
  environment: ConfigSources['environment'],
  readTextFile: ConfigSources['readTextFile'],
  issues: IssueList,
): ConfigFile => {
  const text = readTextFile(path);
  if (text === undefined) {
    // Without being named, the file may be absent: settings alone are enough to scan.
    if (environment['KEYWATCH_CONFIG_FILE'])
      issues.add('KEYWATCH_CONFIG_FILE', `"${path}", where no file is`, 'the path of a file');
    return {};
  }
  const reading = readConfigFile(text, path);
  for (const { where, given, allowed } of reading.issues) issues.add(where, given, allowed);
  return reading.file ?? {};
};
