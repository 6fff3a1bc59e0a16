import { STATUSES_WORST_FIRST } from '../../lib/credentials/statuses.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import { printable } from '../../lib/kernel/printable.ts';
import type { TargetScan } from '../../lib/scan/scanTarget.ts';
import { type Paint, statusStyle } from './style.ts';

/** One line per target: what it holds, or why that is not known. */
export const scanSummary = (scan: TargetScan, paint: Paint): string[] => {
  const { vault, outcome, failure, counts, durationMs } = scan;
  if (outcome === 'failed' && failure !== undefined) {
    return [
      `${paint('✗', 'red')} ${vault}: scan failed after ${counted(counts.objects, 'credential')} (${failure.reason}): ${printable(failure.message, 400)}`,
      `    ${printable(failure.action, 400)}`,
    ];
  }
  const statuses = STATUSES_WORST_FIRST.filter((status) => counts.byStatus[status] > 0).map((status) => {
    const { words, colour } = statusStyle(status);
    return paint(`${counts.byStatus[status]} ${words}`, colour);
  });
  const extras = [
    counts.snoozed > 0 ? `${counts.snoozed} snoozed` : '',
    counts.renewing > 0 ? `${counts.renewing} renewing themselves` : '',
    counts.superseded > 0 ? `${counts.superseded} superseded` : '',
    counts.ignored > 0 ? `${counts.ignored} ignored` : '',
    counts.managed > 0 ? `${counts.managed} behind certificates` : '',
    counts.findings > 0 ? counted(counts.findings, 'finding') : '',
  ].filter((text) => text !== '');
  const contents = statuses.length === 0 ? 'empty' : statuses.join(', ');
  const more = extras.length === 0 ? '' : ` (${extras.join(', ')})`;
  const mark = paint('✓', 'green');
  return [
    `${mark} ${vault}: ${counted(counts.objects, 'credential')}: ${contents}${more}, ${Math.round(durationMs)} ms`,
  ];
};
