import type { Terminal } from '../lib/adapters/terminal.ts';
import type { Config } from '../lib/config.ts';
import { isoSeconds } from '../lib/domain/instant.ts';
import { ownCredentials } from '../lib/domain/ownCredentials.ts';
import { accessReport } from '../lib/report/accessReport.ts';
import { grantReport } from '../lib/report/grantReport.ts';
import { counted } from '../lib/report/humanTime.ts';
import { storesReport } from '../lib/report/storesReport.ts';
import { coloured, plain } from '../lib/report/style.ts';
import { type CheckPorts, checkVault } from '../lib/usecases/checkVault.ts';
import { ownCredentialEnds } from '../lib/usecases/ownCredentialEnds.ts';
import { EXIT } from './exit.ts';
import { NOTHING_TO_SCAN } from './scan.ts';

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
