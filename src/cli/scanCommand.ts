import { connect } from '../lib/app/connections.ts';
import { createKeywatch } from '../lib/app/keywatch.ts';
import { azurePlatform } from '../lib/app/platform.ts';
import { systemClock } from '../lib/kernel/systemClock.ts';
import { silentTelemetry } from '../lib/telemetry/silentTelemetry.ts';
import { oneOf, UsageError } from './arguments.ts';
import { command } from './command.ts';
import { FAIL_ON, runScan } from './scan.ts';
import { configFor } from './vaultOption.ts';

const HELP = `npm run scan -- [--vault URL]… [--json | --csv] [--fail-on STATUS]

Lists the metadata of every secret, key and certificate (never a value) with your own Azure login
(az login, environment, managed identity: whatever DefaultAzureCredential finds) and shows where
each credential stands, worst first.

  --vault URL       a vault, like https://NAME.vault.azure.net; may be repeated. Without it: the
                    vaults of the settings and of keywatch.config.json
  --json, --csv     for machines; use "npm run -s scan" to have nothing else on standard output
  --fail-on STATUS  warning (default), critical, expired or never

Exit code: 0 nothing needs attention, 1 something does, 2 the scan itself failed.`;

/** Reads the options of `keywatch scan` and runs it against Azure. */
export const scanCommand = command({
  help: HELP,
  options: {
    vault: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    csv: { type: 'boolean', default: false },
    'fail-on': { type: 'string', default: 'warning' },
  },
  run: async (options, terminal) => {
    if (options.json && options.csv) throw new UsageError('--json and --csv exclude each other');
    const failOn = oneOf('--fail-on', options['fail-on'], FAIL_ON);
    const config = await configFor(options.vault ?? [], {}, { refreshes: false });
    // A person is looking at the table: nobody else needs to be reported this scan.
    const platform = { ...(await azurePlatform(config)), telemetry: silentTelemetry(() => undefined) };
    const connections = await connect(config, platform);
    const format = options.json ? 'json' : options.csv ? 'csv' : 'table';
    return runScan(
      createKeywatch(config, connections),
      terminal,
      { format, failOn },
      systemClock.nowEpochMs(),
    );
  },
});
