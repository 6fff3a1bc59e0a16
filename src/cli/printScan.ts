import { writeFileSync } from 'node:fs';
import { boardCalendar, boardReport } from '../lib/board/board.ts';
import { asksForAttention } from '../lib/credentials/endedLongAgo.ts';
import { printable } from '../lib/kernel/printable.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { worstFirst } from '../lib/scan/rules/worstFirst.ts';
import type { TargetScan } from '../lib/scan/scanTarget.ts';
import { credentialTable, restLine } from './report/credentialTable.ts';
import { explainCredential } from './report/explainCredential.ts';
import { scanCsv, scanJson } from './report/machineReadable.ts';
import { scanSummary } from './report/scanSummary.ts';
import { coloured, plain } from './report/style.ts';
import type { Scanned } from './scanAll.ts';

export interface Shown extends Omit<Scanned, 'used'> {
  readonly nowEpochMs: number;
}

/** An object: the file that becomes a report, or a calendar. */
export type ScanFormat = 'table' | 'json' | 'csv' | { readonly html: string } | { readonly ics: string };

const noteFailed = (terminal: Terminal, scans: readonly TargetScan[]): void => {
  const failed = scans.filter(({ outcome }) => outcome === 'failed');
  failed.flatMap((scan) => scanSummary(scan, plain)).forEach(terminal.note);
};

/** Explains each credential of a name. @returns whether there is any */
export const printExplained = (
  terminal: Terminal,
  explain: string,
  { assessments, scans, nowEpochMs }: Shown,
): boolean => {
  const style = { paint: terminal.hasColour ? coloured : plain, width: terminal.width };
  for (const [index, one] of [...assessments].sort(worstFirst).entries()) {
    if (index > 0) terminal.print('');
    explainCredential(one, nowEpochMs, style).forEach(terminal.print);
  }
  noteFailed(terminal, scans);
  if (assessments.length > 0) return true;
  terminal.note(
    `No credential is called "${printable(explain)}" in what was scanned. Give its name, or its VAULT/KIND/NAME as alerts have it.`,
  );
  return false;
};

/** Prints what was found. @param isAll whether a table has what needs no attention too */
export const printScan = async (
  terminal: Terminal,
  format: ScanFormat,
  { assessments, scans, nowEpochMs }: Shown,
  isAll: boolean,
): Promise<void> => {
  if (typeof format === 'object') {
    const shown = { assessments, scans, nowEpochMs };
    const [option, file, text] =
      'html' in format
        ? (['--html', format.html, boardReport(shown)] as const)
        : (['--ics', format.ics, boardCalendar(shown)] as const);
    writeReport(option, file, text);
    terminal.note(`Wrote ${printable(file, 200)}.`);
  }
  if (format === 'json') return terminal.printAll(scanJson(assessments, scans));
  if (format === 'csv') {
    await terminal.printAll(scanCsv(assessments, scans));
    return noteFailed(terminal, scans);
  }
  const paint = terminal.hasColour ? coloured : plain;
  if (assessments.length > 0 && format === 'table') {
    const style = { paint, width: terminal.width };
    const listed = isAll ? assessments : assessments.filter((one) => asksForAttention(one, nowEpochMs));
    if (listed.length > 0) await terminal.printAll(credentialTable(listed, scans, nowEpochMs, style));
    if (listed.length < assessments.length) terminal.print(restLine(assessments, listed.length, nowEpochMs));
    terminal.print('');
  }
  const byName = [...scans].sort((one, other) => one.vault.localeCompare(other.vault, 'en'));
  byName.flatMap((scan) => scanSummary(scan, paint)).forEach(terminal.print);
};

/** @throws UsageError where the file may not be written there */
const writeReport = (option: string, file: string, text: string): void => {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError(`${option}: "${printable(file, 200)}" cannot be written (${code})`);
  }
};
