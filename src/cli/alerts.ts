import type { AlertEvaluations } from '../lib/alerts/evaluateAlerts.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { EXIT } from './exit.ts';
import { ruleJson } from './report/ruleJson.ts';
import { ruleReport } from './report/ruleReport.ts';
import { coloured, plain } from './report/style.ts';

export interface AlertsOutput {
  readonly asJson: boolean;
  /** `local`, or the ID of the workspace. */
  readonly source: string;
  readonly nowEpochMs: number;
}

/** Prints every rule with what it found. Gives the exit code: a rule of which nobody knows is a failure. */
export const printAlerts = (
  evaluations: AlertEvaluations,
  { asJson, source, nowEpochMs }: AlertsOutput,
  terminal: Terminal,
): number => {
  const paint = terminal.hasColour ? coloured : plain;
  if (asJson) terminal.print(ruleJson(evaluations, { source, nowEpochMs }));
  else ruleReport(evaluations, paint, terminal.width).forEach(terminal.print);
  if (evaluations.unknown.length > 0) return EXIT.failed;
  return evaluations.evaluated.some(({ fires }) => fires) ? EXIT.attention : EXIT.quiet;
};
