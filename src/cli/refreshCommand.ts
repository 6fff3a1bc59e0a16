import { existsSync, writeFileSync } from 'node:fs';
import { connect } from '../lib/app/connections.ts';
import { createKeywatch } from '../lib/app/keywatch.ts';
import { azurePlatform } from '../lib/app/platform.ts';
import { systemClock } from '../lib/kernel/systemClock.ts';
import { UsageError } from './arguments.ts';
import { command } from './command.ts';
import { grantOption } from './grantOption.ts';
import { openUnread } from './openUnread.ts';
import { type RefreshOptions, runRefresh } from './refresh.ts';
import { stopOnSignal } from './stopOnSignal.ts';
import { configFor, fileOption } from './vaultOption.ts';

const HELP = `npm run refresh -- [--grant ID [--again | --adopt]] [--dry-run | --unread] [--config FILE]

Refreshes the grants of keywatch.config.json by hand, with your own Azure login and by the same
protocol as the deployed function: safe to run while that one runs.

  --grant ID     this grant, whether it is due or not (also as alerts name it, grant/ID);
                 without it: every grant that is due
  --again        sends its token once more although it was called dead, where the cause has passed
  --adopt        takes the grant over from another Keywatch, whose name its secret carries; stop that
                 one first, with nothing under way there
  --dry-run      only say what would be done, and why; spends and writes nothing
  --unread       refresh nothing: write what came for that grant and could not be read, each answer into
                 a private file in this folder; a new token may be in it
  --config FILE  the config file; keywatch.config.json when absent

Ctrl+C stops it after the refresh under way, whose new token may be on its way already.

Exit code: 0 all is well, 1 a grant needs somebody, 2 the configuration is at fault, or something that
passes kept a grant from being refreshed.`;

const wishOf = ({ again, adopt }: { again: boolean; adopt: boolean }): RefreshOptions['wish'] => {
  if (again && adopt) throw new UsageError('--again and --adopt: one of them at a time');
  if (adopt) return 'adopt';
  return again ? 'again' : undefined;
};

const createPrivateFile = (name: string, text: string): boolean => {
  if (existsSync(name)) return false;
  writeFileSync(name, text, { mode: 0o600, flag: 'wx' });
  return true;
};

/** Reads the options of `keywatch refresh` and runs it against Azure. */
export const refreshCommand = command({
  help: HELP,
  options: {
    grant: { type: 'string' },
    again: { type: 'boolean', default: false },
    adopt: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    unread: { type: 'boolean', default: false },
    config: { type: 'string' },
  },
  run: async (options, terminal) => {
    const config = await configFor([], fileOption(options.config));
    const keywatch = createKeywatch(config, await connect(config, await azurePlatform(config)));
    const grantId = grantOption(options.grant);
    if (options.unread) {
      const { refresher } = keywatch;
      return openUnread(refresher, terminal, { grantId, createPrivateFile });
    }
    const request = {
      grantId,
      wish: wishOf(options),
      isDryRun: options['dry-run'],
      stop: stopOnSignal(terminal),
    };
    return runRefresh(keywatch, terminal, request, systemClock.nowEpochMs());
  },
});
