import { alertRules } from '../../lib/alerts/alertRules.ts';
import { type AlertEvaluation, evaluateAlerts } from '../../lib/alerts/evaluateAlerts.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import type { GameDay, Step } from '../../local/gameDay/gameDay.ts';
import type { Stage } from '../../local/gameDay/stage.ts';
import { alertLines } from '../report/ruleReport.ts';
import { coloured, plain } from '../report/style.ts';
import { stepLines } from './gameDayWords.ts';
import { playStep } from './playStep.ts';

/** Between two looks at whether it is mended; the company lives ten minutes in that time. */
export const BEAT_MS = 10_000;
/** So many runs after the last step it is over, where nobody waits. */
const MOST_RUNS_PLAYED = 3;

export interface Play {
  readonly stage: Stage;
  readonly terminal: Terminal;
  /** The runbook is followed here, and by no person. */
  readonly isPlayed: boolean;
  readonly stop: AbortSignal;
  /** What a person did since `begin`: until then no time passes. */
  readonly acts: () => number;
  /** Called with the steps of the runbook when it is broken. */
  readonly begin: (steps: readonly Step[]) => void;
}

export type Outcome = 'mended' | 'stopped' | 'still open';

/**
 * Breaks the company in one way, shows the alert and the runbook, and waits until the alert is over.
 * @throws Error where the alert does not come, or is there before
 */
export const playGameDay = async (gameDay: GameDay, given: Play): Promise<Outcome> => {
  // A person may look at anything meanwhile.
  const stage = given.isPlayed ? given.stage.runningOnly(gameDay.timers) : given.stage;
  const play = { ...given, stage };
  const { terminal, isPlayed, begin } = play;
  const { rule: name, breaks, subject } = gameDay;
  const paint = terminal.hasColour ? coloured : plain;
  const isOpen = async () => (await alertOf(gameDay, stage)) !== undefined;
  if (await isOpen()) {
    // It may be of what no timer did while another game day was played.
    await given.stage.run();
    if (await isOpen()) throw new Error(`${name} fires for ${subject} before anything is broken`);
  }
  terminal.progress('breaking it …');
  await gameDay.happen(stage);
  const alert = await alertOf(gameDay, stage);
  if (alert === undefined) throw new Error(`${name} does not fire for ${subject}`);
  terminal.progress('');
  terminal.print(`${paint('Game day', 'bold')} ${name}. ${breaks} This is what on-call gets:`);
  terminal.print('');
  alertLines(alert, paint).forEach(terminal.print);
  const steps = gameDay.mend(stage);
  begin(steps);
  terminal.print('');
  terminal.print(`What the runbook says${isPlayed ? '' : ', for another terminal in this folder'}:`);
  for (const [index, step] of steps.entries()) {
    stepLines(step, index + 1, stage.app.folder.path).forEach(terminal.print);
    if (isPlayed) await playStep(step, play);
  }
  const outcome = await waitUntilMended(gameDay, play);
  if (outcome === 'stopped') return outcome;
  const mark = outcome === 'mended' ? paint('✓', 'green') : paint('✗', 'red');
  const words = outcome === 'mended' ? 'Mended: the alert is over' : 'The alert is still open';
  terminal.print(`${mark} ${words}: ${alert.rule.displayName}, ${subject}.`);
  terminal.print('');
  return outcome;
};

const waitUntilMended = async (gameDay: GameDay, play: Play): Promise<Outcome> => {
  const { stage, terminal, isPlayed, stop, acts } = play;
  if (!isPlayed) terminal.print('Waiting until it is mended (Ctrl+C gives up) …');
  for (let runs = 1; ; runs += 1) {
    if (!isPlayed) await stage.clock.sleep(BEAT_MS, stop).catch(() => undefined);
    if (stop.aborted) return 'stopped';
    if (!isPlayed && acts() === 0) continue;
    await stage.run();
    if ((await alertOf(gameDay, stage)) === undefined) return 'mended';
    if (isPlayed && runs >= MOST_RUNS_PLAYED) return 'still open';
  }
};

/** The alert of a game day, whether its rule is on or off by default; absent: it is not open. */
const alertOf = async (
  { rule: name, subject }: GameDay,
  { app, clock }: Stage,
): Promise<AlertEvaluation | undefined> => {
  const rules = alertRules.filter((rule) => rule.name === name).map((rule) => ({ ...rule, enabled: true }));
  const [evaluation] = await evaluateAlerts(app.telemetry.store, clock.nowEpochMs(), rules);
  if (evaluation === undefined) throw new Error(`there is no alert rule ${name}`);
  const isMeant = (values: object) => Object.values(values).includes(subject);
  const alerts = evaluation.alerts.filter(isMeant);
  return alerts.length === 0 ? undefined : { ...evaluation, alerts, rows: evaluation.rows.filter(isMeant) };
};
