import type { Caller } from '../callers/rules/caller.ts';
import { grantCredentialId } from '../credentials/credentialIds.ts';
import type { TokenSource } from '../credentials/tokenSources.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { TokensPorts } from './ports.ts';

const REPORT_EVERY_MS = 60_000;
const MOST_KNOWN = 10_000;

interface Asked {
  readonly grantId: string;
  readonly caller: Caller;
  readonly seq: number;
}

export interface HandOutReports {
  handedOut(asked: Asked, source: TokenSource): void;
  /** A caller says that this token, the one that is handed out now, was answered 401. */
  refused(asked: Asked): void;
  /** A store does not give what is kept of a grant. */
  failed(grantId: string, failure: StoreFailure): void;
}

const attributesOf = ({ grantId, caller: { tenantId, objectId, clientId }, seq }: Asked) => ({
  ...{ credentialId: grantCredentialId(grantId), seq, tenantId, objectId, clientId },
});

/**
 * Reports who gets which token: a new one at once, and one that a caller has already at most once a minute with how
 * often, because every event costs money and a busy consumer asks with each of its own calls. A failure that lasts is
 * reported as often.
 */
export const handOutReports = ({
  clock,
  telemetry,
}: Pick<TokensPorts, 'clock' | 'telemetry'>): HandOutReports => {
  const known = new Map<string, { readonly seq: number; readonly reportedMs: number; uncounted: number }>();
  const refused = new Map<string, number>();
  const failedMs = new Map<string, number>();
  return {
    failed(grantId, failure) {
      const credentialId = grantCredentialId(grantId);
      const key = `${credentialId} ${failure.code}`;
      const nowMs = clock.monotonicMs();
      if (nowMs - (failedMs.get(key) ?? Number.NEGATIVE_INFINITY) < REPORT_EVERY_MS) return;
      failedMs.set(key, nowMs);
      telemetry.failure({ ...failure, subject: { credentialId } });
    },
    handedOut(asked, source) {
      const { grantId, caller, seq } = asked;
      const key = [grantId, caller.tenantId, caller.objectId, caller.clientId].join(' ');
      const nowMs = clock.monotonicMs();
      const before = known.get(key);
      if (before?.seq === seq && nowMs - before.reportedMs < REPORT_EVERY_MS) {
        before.uncounted++;
        return;
      }
      const handOuts = 1 + (before?.uncounted ?? 0);
      if (known.size > MOST_KNOWN) known.clear();
      known.set(key, { seq, reportedMs: nowMs, uncounted: 0 });
      telemetry.event('keywatch.token.handed_out', { ...attributesOf(asked), source, handOuts });
    },
    refused(asked) {
      if (refused.get(asked.grantId) === asked.seq) return;
      refused.set(asked.grantId, asked.seq);
      telemetry.event('keywatch.token.reported', attributesOf(asked));
    },
  };
};
