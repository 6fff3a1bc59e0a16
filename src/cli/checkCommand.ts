import { connect, openValueAccess } from '../lib/app/connections.ts';
import { createKeywatch } from '../lib/app/keywatch.ts';
import { azurePlatform } from '../lib/app/platform.ts';
import { runCheck } from './check.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
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
    const connections = await connect(config, platform);
    const { requests, discoveryFailure } = await createKeywatch(config, connections).plan('attention');
    if (discoveryFailure !== undefined)
      terminal.note(`${discoveryFailure.message} ${discoveryFailure.action}`);
    const vaultUrls = requests.map(({ vaultUrl }) => vaultUrl);
    const ports = { inventory: connections.inventory, valueAccess: await openValueAccess(config, platform) };
    const exitCode = await runCheck(config, vaultUrls, ports, terminal);
    return discoveryFailure === undefined ? exitCode : EXIT.attention;
  },
});
