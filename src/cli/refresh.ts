import { existsSync, writeFileSync } from 'node:fs';
import { connect } from '../lib/app/connections.ts';
import { refresherOf } from '../lib/app/refresherOf.ts';
import { type Permanence, permanenceOf } from '../lib/kernel/failure.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import type { ConfiguredGrant } from '../lib/oauth/rules/grant.ts';
import type { Refresher } from '../lib/refresh/refresher.ts';
import type { RefreshOutcome } from '../lib/refresh/refreshOutcome.ts';
import { attemptsAllowed } from './attemptsAllowed.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { configuredGrant, grantOption } from './grantOption.ts';
import { openUnread } from './openUnread.ts';
import { LOCAL_OPTION, localHelp, placeOf } from './place.ts';
import { explanationLines, outcomeLines } from './report/refreshReport.ts';
import { coloured, plain } from './report/style.ts';
import { stopOnSignal } from './stopOnSignal.ts';
import { configFor, fileOption } from './vaultOption.ts';

const HELP = `npm run refresh -- [--grant ID [--again | --adopt]] [--dry-run | --unread] [--config FILE]
               [--local FOLDER]

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
${localHelp(17)}

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

export const refreshCommand = command({
  help: HELP,
  options: {
    grant: { type: 'string' },
    again: { type: 'boolean', default: false },
    adopt: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    unread: { type: 'boolean', default: false },
    config: { type: 'string' },
    ...LOCAL_OPTION,
  },
  run: async (options, terminal, { signals }) => {
    const place = await placeOf(options.local);
    const config = await configFor([], fileOption(options.config));
    const refresher = refresherOf(config, connect(config, await place.platform(config)));
    const grantId = grantOption(options.grant);
    if (options.unread) return openUnread(refresher, terminal, { grantId, createPrivateFile });
    const request = {
      grantId,
      wish: wishOf(options),
      isDryRun: options['dry-run'],
      stop: stopOnSignal(terminal, signals),
    };
    return runRefresh(config.grants, refresher, terminal, { ...request, nowEpochMs: place.nowEpochMs() });
  },
});

export interface RefreshOptions {
  /** Refresh this grant whether it is due or not; absent: look at every grant, refresh those that are due. */
  readonly grantId: string | undefined;
  /** What a person asks for one grant beside its refresh; absent: nothing. */
  readonly wish?: 'adopt' | 'again' | undefined;
  /** Only say what would be done, and why. */
  readonly isDryRun: boolean;
  /** Aborted: begin no further grant. What is under way comes to its end. */
  readonly stop: AbortSignal;
  readonly nowEpochMs: number;
}

/**
 * Refreshes grants by hand, one after the other, by the same protocol as the deployed function.
 * @throws UsageError for a grant that the configuration does not name
 */
export const runRefresh = async (
  grants: readonly ConfiguredGrant[],
  refresher: Pick<Refresher, 'explain' | 'refresh'>,
  terminal: Terminal,
  { grantId, wish, isDryRun, stop, nowEpochMs }: RefreshOptions,
): Promise<number> => {
  const known = grants.map(({ grant }) => grant.id);
  if (known.length === 0) {
    terminal.note(
      'The configuration names no grant: there is nothing to refresh. See "grants" in docs/configuration.md.',
    );
    return EXIT.failed;
  }
  if (grantId !== undefined) configuredGrant(grants, grantId);
  if (wish !== undefined && grantId === undefined)
    throw new UsageError(`--${wish}: needs --grant ID, as it is decided for one grant`);
  const paint = terminal.hasColour ? coloured : plain;
  let exitCode: number = EXIT.quiet;
  const asked = grantId === undefined ? known : [grantId];
  const allowed = attemptsAllowed(grants);
  const leftToTimer: string[] = [];
  for (const [index, id] of asked.entries()) {
    if (stop.aborted) {
      terminal.note(`Stopped; not looked at: ${asked.slice(index).join(', ')}`);
      exitCode = EXIT.failed;
      break;
    }
    if (!isDryRun && grantId === undefined && !allowed.mayTry(id)) {
      leftToTimer.push(id);
      continue;
    }
    terminal.progress(`${isDryRun ? 'looking at' : 'refreshing'} ${id} …`);
    if (isDryRun) {
      const explanation = await refresher.explain(id);
      explanationLines(explanation, paint).forEach(terminal.print);
      if (explanation.would === 'unknown') exitCode = EXIT.failed;
      continue;
    }
    const trigger = grantId === undefined ? 'due' : (wish ?? 'manual');
    const outcome = await refresher.refresh({ grantId: id, trigger });
    allowed.note(id, outcome);
    outcomeLines(id, outcome, nowEpochMs, paint).forEach(terminal.print);
    exitCode = Math.max(exitCode, exitCodeOf(outcome));
  }
  terminal.progress('');
  if (leftToTimer.length > 0) {
    const why = 'their token endpoint bears no more refreshes in ten minutes';
    terminal.note(`Left to the timer, as ${why}: ${leftToTimer.join(', ')}`);
  }
  return exitCode;
};

/** By what the outcome asks for: a person, or only time. */
const exitCodeOf = (outcome: RefreshOutcome | undefined): number => {
  if (outcome === undefined) return EXIT.quiet;
  switch (outcome.kind) {
    case 'refreshed':
    case 'recovered':
    case 'busy':
      return EXIT.quiet;
    case 'stopped':
      return EXIT.failed;
    case 'not_due':
      return exitCodeOfPermanence(outcome.coolingDownFrom);
    // How an attempt ended is as unknown at the second look as at the first.
    case 'waiting':
    case 'quarantined':
    case 'ambiguous':
    case 'dead':
      return EXIT.attention;
    default:
      return outcome.needsPerson === true ? EXIT.attention : exitCodeOfPermanence(permanenceOf(outcome));
  }
};

/** What passes by itself needs nobody, and yet the command did not get to do its work. */
const exitCodeOfPermanence = (permanence: Permanence | undefined): number => {
  if (permanence === undefined) return EXIT.quiet;
  return permanence === 'permanent' ? EXIT.attention : EXIT.failed;
};
