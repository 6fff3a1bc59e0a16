import type { Keywatch } from '../lib/app/keywatch.ts';
import { nearestName } from '../lib/kernel/nearestName.ts';
import { printable } from '../lib/kernel/printable.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import type { RefreshOutcome } from '../lib/refresh/refreshOutcome.ts';
import { UsageError } from './arguments.ts';
import { attemptsAllowed } from './attemptsAllowed.ts';
import { EXIT } from './exit.ts';
import { explanationLines, outcomeLines } from './report/refreshReport.ts';
import { coloured, plain } from './report/style.ts';

export interface RefreshOptions {
  /** Refresh this grant whether it is due or not; absent: look at every grant, refresh those that are due. */
  readonly grantId: string | undefined;
  /** What a person asks for one grant beside its refresh; absent: nothing. */
  readonly wish?: 'adopt' | 'again' | undefined;
  /** Only say what would be done, and why. */
  readonly isDryRun: boolean;
  /** Aborted: begin no further grant. What is under way comes to its end. */
  readonly stop: AbortSignal;
}

/**
 * Refreshes grants by hand, one after the other, by the same protocol as the deployed function.
 * @throws UsageError for a grant that the configuration does not name
 */
export const runRefresh = async (
  { config, refresher }: Keywatch,
  terminal: Terminal,
  { grantId, wish, isDryRun, stop }: RefreshOptions,
  nowEpochMs: number,
): Promise<number> => {
  const known = config.grants.map(({ grant }) => grant.id);
  if (known.length === 0) {
    terminal.note(
      'The configuration names no grant: there is nothing to refresh. See "grants" in docs/configuration.md.',
    );
    return EXIT.failed;
  }
  if (grantId !== undefined && !known.includes(grantId)) {
    const near = nearestName(grantId, known);
    const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
    throw new UsageError(`--grant: there is no grant "${printable(grantId)}"; ${hint}`);
  }
  if (wish !== undefined && grantId === undefined)
    throw new UsageError(`--${wish}: needs --grant ID, as it is decided for one grant`);
  const paint = terminal.hasColour ? coloured : plain;
  let exitCode: number = EXIT.quiet;
  const asked = grantId === undefined ? known : [grantId];
  const allowed = attemptsAllowed(config.grants);
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
      return outcome.needsPerson === true ? EXIT.attention : exitCodeOfPermanence(outcome.permanence);
  }
};

/** What passes by itself needs nobody, and yet the command did not get to do its work. */
const exitCodeOfPermanence = (permanence: 'permanent' | 'transient' | undefined): number => {
  if (permanence === undefined) return EXIT.quiet;
  return permanence === 'permanent' ? EXIT.attention : EXIT.failed;
};
