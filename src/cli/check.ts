import { connect, openValueAccess } from '../lib/app/connections.ts';
import { azurePlatform } from '../lib/app/platform.ts';
import type { Config } from '../lib/config/config.ts';
import { isoSeconds } from '../lib/kernel/instant.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { type CheckPorts, checkVault } from '../lib/scan/checkVault.ts';
import { ownCredentialEnds } from '../lib/scan/ownCredentialEnds.ts';
import { ownCredentials } from '../lib/scan/rules/ownCredentials.ts';
import { createScanner } from '../lib/scan/scanner.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { accessReport } from './report/accessReport.ts';
import { grantReport } from './report/grantReport.ts';
import { counted } from './report/humanTime.ts';
import { storesReport } from './report/storesReport.ts';
import { coloured, plain } from './report/style.ts';
import { NOTHING_TO_SCAN } from './scan.ts';
import { configFor, fileOption } from './vaultOption.ts';

const HELP = `npm run check -- [--config FILE] [--vault URL]…

Checks the app settings and keywatch.config.json, all faults at once, and says what the identity
you run it with may and may not do at each vault. Reads no value.

  --config FILE  the config file; keywatch.config.json when absent
  --vault URL    check this vault instead of those of the configuration; may be repeated

Exit code: 0 all is well, 1 a vault cannot be scanned, or there is none, 2 the configuration has faults.`;

/** Reads the options of `keywatch check` and runs it. */
export const checkCommand = command({
  help: HELP,
  options: {
    config: { type: 'string' },
    vault: { type: 'string', multiple: true },
  },
  run: async (options, terminal) => {
    const config = await configFor(options.vault ?? [], fileOption(options.config));
    const platform = await azurePlatform(config);
    const connections = connect(config, platform);
    const { requests, discoveryFailure } = await createScanner(config, connections).plan('attention');
    if (discoveryFailure !== undefined)
      terminal.note(`${discoveryFailure.message} ${discoveryFailure.action}`);
    const vaultUrls = requests.filter(({ source }) => source === 'keyvault').map(({ target }) => target);
    const ports = { inventory: connections.inventory, valueAccess: await openValueAccess(config, platform) };
    const exitCode = await runCheck(config, vaultUrls, ports, terminal);
    return discoveryFailure === undefined ? exitCode : EXIT.attention;
  },
});

/** Says what the configuration comes to, and what the current identity may do at each vault. */
export const runCheck = async (
  config: Config,
  vaultUrls: readonly string[],
  ports: CheckPorts,
  terminal: Terminal,
): Promise<number> => {
  const paint = terminal.hasColour ? coloured : plain;
  const watched = `${counted(vaultUrls.length, 'vault')} to scan, ${counted(config.grants.length, 'grant')}`;
  terminal.print(`${paint('✓', 'green')} The configuration is sound: ${watched}.`);
  config.grants.flatMap((grant) => grantReport(grant, paint)).forEach(terminal.print);
  storesReport(config.refresh, paint).forEach(terminal.print);
  if (vaultUrls.length === 0) {
    terminal.print(`${paint('▲', 'yellow')} ${NOTHING_TO_SCAN}`);
    return EXIT.attention;
  }
  let isComplete = true;
  for (const vaultUrl of vaultUrls) {
    terminal.progress(`asking ${vaultUrl} …`);
    const access = await checkVault(ports, vaultUrl);
    terminal.print('');
    accessReport(config.policyOf(vaultUrl).name, access, paint).forEach(terminal.print);
    isComplete &&= Object.values(access.listing).every((failure) => failure === undefined);
  }
  const own = ownCredentials(config.grants, config.refresh?.sealingKeyId);
  for (const { role, name, vaultUrl, expiresOnEpochMs } of await ownCredentialEnds(ports.inventory, own)) {
    const which = `${role} ${name} in ${config.policyOf(vaultUrl).name}`;
    terminal.print(`${paint('▲', 'yellow')} the ${which} ends on ${isoSeconds(expiresOnEpochMs)}`);
  }
  terminal.progress('');
  return isComplete ? EXIT.quiet : EXIT.attention;
};
