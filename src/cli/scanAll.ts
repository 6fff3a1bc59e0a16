import { eachOf } from '../lib/kernel/eachOf.ts';
import { counted } from '../lib/kernel/humanTime.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import type { ConfigRule } from '../lib/scan/rules/configRule.ts';
import type { Assessment } from '../lib/scan/rules/credential.ts';
import type { ScanRequest } from '../lib/scan/rules/scanRequest.ts';
import type { Scanner } from '../lib/scan/scanner.ts';
import type { TargetScan } from '../lib/scan/scanTarget.ts';

/** Vaults scanned at a time: their pages come one after the other, so the time goes into waiting. */
const CONCURRENCY = 16;

/** What scans of all targets found. */
export interface Scanned {
  /** Those that are meant: what is ignored only its vault's own line counts. */
  readonly assessments: readonly Assessment[];
  readonly scans: readonly TargetScan[];
  /** The rules of the config that match something. */
  readonly used: ReadonlySet<ConfigRule>;
}

/** Scans all that is asked for, showing how far it is. */
export const scanAll = async (
  scanner: Pick<Scanner, 'scan'>,
  terminal: Terminal,
  requests: readonly ScanRequest[],
  isMeant: (assessment: Assessment) => boolean,
): Promise<Scanned> => {
  const assessments: Assessment[] = [];
  const scans: TargetScan[] = [];
  const used = new Set<ConfigRule>();
  const showProgress = (): void => {
    const done = `${scans.length} of ${counted(requests.length, 'scan')}`;
    terminal.progress(`${done}, ${counted(assessments.length, 'credential')} …`);
  };
  const observe = (assessment: Assessment): void => {
    for (const rule of assessment.judgement?.resolution.rules ?? []) used.add(rule);
    if (!isMeant(assessment)) return;
    assessments.push(assessment);
    if (assessments.length % 250 === 0) showProgress();
  };

  showProgress();
  await eachOf(requests, CONCURRENCY, async (request) => {
    scans.push(await scanner.scan(request, observe));
    showProgress();
  });
  terminal.progress('');
  return { assessments, scans, used };
};
