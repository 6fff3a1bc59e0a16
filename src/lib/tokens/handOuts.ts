import type { Caller } from '../callers/rules/caller.ts';
import type { TokenSource } from '../credentials/tokenSources.ts';
import { grantCredentialId } from '../oauth/rules/grant.ts';
import type { TokensPorts } from './ports.ts';

const REPORT_EVERY_MS = 60_000;
const MOST_KNOWN = 10_000;

export interface HandOut {
  readonly grantId: string;
  readonly caller: Caller;
  readonly seq: number;
  readonly source: TokenSource;
  /** The caller reported the token that it had before as refused. */
  readonly isReported: boolean;
}

/**
 * Reports who gets which token: a new one at once, and one that a caller has already at most once a minute with how
 * often, because every event costs money and a busy consumer asks with each of its own calls.
 */
export const handOutReports = ({ clock, telemetry }: Pick<TokensPorts, 'clock' | 'telemetry'>) => {
  const known = new Map<string, { readonly seq: number; readonly reportedMs: number; uncounted: number }>();
  return ({ grantId, caller, seq, source, isReported }: HandOut): void => {
    const { tenantId, objectId, clientId } = caller;
    const key = [grantId, tenantId, objectId, clientId].join(' ');
    const nowMs = clock.monotonicMs();
    const before = known.get(key);
    const isDue = before === undefined || before.seq !== seq || nowMs - before.reportedMs >= REPORT_EVERY_MS;
    if (!isDue && !isReported) {
      before.uncounted++;
      return;
    }
    const handOuts = 1 + (before?.uncounted ?? 0);
    if (known.size > MOST_KNOWN) known.clear();
    known.set(key, { seq, reportedMs: nowMs, uncounted: 0 });
    telemetry.event('keywatch.token.handed_out', {
      ...{ credentialId: grantCredentialId(grantId), source, seq, handOuts, isReported },
      ...{ tenantId, objectId, clientId },
    });
  };
};
