import { connect, openRoleProbes, openValueAccess } from '../lib/app/connections.ts';
import { type NeededRights, openNeededRights, tryNeededRights } from '../lib/app/neededRights.ts';
import type { SigningKeys } from '../lib/callers/signingKeys.ts';
import type { Config } from '../lib/config/config.ts';
import type { GraphIdentity } from '../lib/directory/rules/graphRoles.ts';
import { readEnvironment } from '../lib/kernel/environment.ts';
import { counted } from '../lib/kernel/humanTime.ts';
import { isoSeconds } from '../lib/kernel/instant.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { type CheckPorts, checkVault } from '../lib/scan/checkVault.ts';
import { ownCredentialEnds } from '../lib/scan/ownCredentialEnds.ts';
import { ownCredentials } from '../lib/scan/rules/ownCredentials.ts';
import type { ScanRequest } from '../lib/scan/rules/scanRequest.ts';
import { createScanner, type Scanner } from '../lib/scan/scanner.ts';
import { type CheckRolesPorts, checkRoles } from './checkRoles.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { notingTelemetry } from './notingTelemetry.ts';
import { LOCAL_OPTION, localHelp, placeOf } from './place.ts';
import { accessReport, listingReport, rightsReport } from './report/accessReport.ts';
import { callersReport } from './report/callersReport.ts';
import { grantReport } from './report/grantReport.ts';
import { storesReport } from './report/storesReport.ts';
import { coloured, type Paint, plain } from './report/style.ts';
import { targetCounts } from './report/targetWords.ts';
import { NOTHING_TO_SCAN } from './scan.ts';
import { configFor, fileOption, NO_FURTHER_SOURCES } from './vaultOption.ts';

const HELP = `npm run check -- [--config FILE] [--vault URL]… [--local FOLDER]

Checks the app settings and keywatch.config.json, all faults at once, and says what the identity
you run it with may and may not do at each vault, or whatever else is scanned, at Microsoft Graph,
and of what is read besides: the logs of workspaces and the secrets of clients. Reads no value.

  --config FILE     the config file; keywatch.config.json when absent
  --vault URL       check this vault instead of those of the configuration; may be repeated
${localHelp(20)}

Exit code: 0 all is well, 1 something cannot be scanned or rotated, or there is nothing, 2 the configuration has faults.`;

export const checkCommand = command({
  help: HELP,
  options: { config: { type: 'string' }, vault: { type: 'string', multiple: true }, ...LOCAL_OPTION },
  run: async (options, terminal) => {
    const place = await placeOf(options.local);
    const config = await configFor(options.vault ?? [], fileOption(options.config));
    const platform = { ...(await place.platform(config)), telemetry: notingTelemetry(terminal) };
    const connections = {
      ...connect(config, platform),
      ...(options.vault === undefined ? {} : NO_FURTHER_SOURCES),
    };
    const scanner = createScanner(config, connections);
    const { requests, discoveryFailures } = await scanner.plan('attention');
    for (const { message, action } of discoveryFailures) terminal.note(`${message} ${action}`);
    const ports = {
      inventory: connections.inventory,
      valueAccess: await openValueAccess(config, platform),
      scanner,
      directory: connections.directory,
      signingKeys: connections.callers?.bearer.keys,
      roleProbes:
        options.vault === undefined ? await openRoleProbes(config, platform, deployedIdentities()) : [],
      neededRights: async () =>
        options.vault === undefined ? tryNeededRights(config, await openNeededRights(config, platform)) : [],
    };
    const exitCode = await runCheck(config, requests, ports, terminal);
    return discoveryFailures.length === 0 ? exitCode : EXIT.attention;
  },
});

/** A name that no key has: the answer says whether there are any. */
const NO_KEY = 'keywatch check';

/** Those of a deployment, as it gives them back: of a person's shell after `eval "$(azd env get-values)"`. */
const deployedIdentities = (): Readonly<Partial<Record<GraphIdentity, string>>> => {
  const { KEYWATCH_SCANNER_PRINCIPAL_ID: scanner, KEYWATCH_ROTATOR_PRINCIPAL_ID: rotator } =
    readEnvironment();
  return { ...(scanner && { scanner }), ...(rotator && { rotator }) };
};

export interface RunCheckPorts extends CheckPorts, CheckRolesPorts {
  readonly scanner: Pick<Scanner, 'tryToList'>;
  /** What is read beside what is scanned. */
  neededRights(): Promise<readonly NeededRights[]>;
  /** Of the tenant whose people and programs may call; absent: nobody may. */
  readonly signingKeys?: SigningKeys | undefined;
}

/** Says what the configuration comes to, and what the current identity may do at each target. */
export const runCheck = async (
  config: Config,
  requests: readonly Pick<ScanRequest, 'source' | 'target'>[],
  ports: RunCheckPorts,
  terminal: Terminal,
): Promise<number> => {
  const paint = terminal.hasColour ? coloured : plain;
  const watched = `${targetCounts(requests)} to scan, ${counted(config.grants.length, 'grant')}, ${counted(config.clients.length, 'client')} to prove`;
  terminal.print(`${paint('✓', 'green')} The configuration is sound: ${watched}.`);
  config.grants.flatMap((grant) => grantReport(grant, paint)).forEach(terminal.print);
  storesReport(config.refresh, paint).forEach(terminal.print);
  const key = await ports.signingKeys?.keyOf(NO_KEY);
  callersReport(config, key !== 'unavailable', paint).forEach(terminal.print);
  if (requests.length === 0) {
    terminal.print(`${paint('▲', 'yellow')} ${NOTHING_TO_SCAN}`);
    return EXIT.attention;
  }
  let isComplete = true;
  for (const request of requests) {
    terminal.progress(`asking ${request.target} …`);
    const { lines, mayList } = await reportOf(request, config, ports, paint);
    terminal.print('');
    lines.forEach(terminal.print);
    isComplete &&= mayList;
  }
  const rotated = config.rotate?.rotations.map(({ appId }) => appId) ?? [];
  isComplete = (await checkRoles(ports, rotated, terminal)) && isComplete;
  rightsReport(await ports.neededRights(), paint).forEach(terminal.print);
  const own = ownCredentials(config.grants, (config.refresh ?? config.rotate)?.sealingKeyId);
  for (const { role, name, vaultUrl, expiresOnEpochMs } of await ownCredentialEnds(ports.inventory, own)) {
    const which = `${role} ${name} in ${config.policyOf(vaultUrl).name}`;
    terminal.print(`${paint('▲', 'yellow')} the ${which} ends on ${isoSeconds(expiresOnEpochMs)}`);
  }
  terminal.progress('');
  return isComplete ? EXIT.quiet : EXIT.attention;
};

const reportOf = async (
  { source, target }: Pick<ScanRequest, 'source' | 'target'>,
  config: Config,
  ports: RunCheckPorts,
  paint: Paint,
): Promise<{ readonly lines: readonly string[]; readonly mayList: boolean }> => {
  if (source === 'keyvault') {
    const access = await checkVault(ports, target);
    const mayList = Object.values(access.listing).every((failure) => failure === undefined);
    return { lines: accessReport(config.policyOf(target).name, access, paint), mayList };
  }
  const access = await ports.scanner.tryToList({ source, target });
  return { lines: listingReport(access, paint), mayList: access.failure === undefined };
};
