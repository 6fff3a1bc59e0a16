import type { Caller } from '../callers/rules/caller.ts';
import { grantCredentialId } from '../credentials/credentialIds.ts';
import type { TokenSource } from '../credentials/tokenSources.ts';
import { TOKEN_TROUBLES, type TokenTrouble } from '../credentials/tokenTroubles.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { TokensPorts } from './ports.ts';

const REPORT_EVERY_MS = 60_000;
const MOST_KNOWN = 10_000;

interface Asker {
  readonly grantId: string;
  readonly caller: Caller;
}

interface Asked extends Asker {
  readonly seq: number;
}

export interface HandOutReports {
  handedOut(asked: Asked, source: TokenSource): void;
  /** A caller gets none for now. */
  unavailable(asker: Asker, trouble: TokenTrouble): void;
  /** A caller says that this token, the one that is handed out now, was answered 401. */
  refused(asked: Asked): void;
  /** A store does not give what is kept of a grant. */
  failed(grantId: string, failure: StoreFailure): void;
}

const attributesOf = ({ grantId, caller: { tenantId, objectId, clientId } }: Asker) => ({
  ...{ credentialId: grantCredentialId(grantId), tenantId, objectId, clientId },
});

const keyOf = ({ grantId, caller: { tenantId, objectId, clientId } }: Asker): string =>
  [grantId, tenantId, objectId, clientId].join(' ');

/**
 * Counts what happens again and again by its key.
 * @returns how often since it was last to be reported, where it is now: at once when it is another one, and then once a
 * minute at most. Absent: it is not
 */
const onceAMinute = ({ nowEpochMs }: TokensPorts['clock']) => {
  const known = new Map<string, { readonly which: string; readonly atEpochMs: number; uncounted: number }>();
  return (key: string, which = ''): number | undefined => {
    const atEpochMs = nowEpochMs();
    const before = known.get(key);
    // By the clock that alert rules go by; one that was set back holds nothing up for longer.
    if (before?.which === which && Math.abs(atEpochMs - before.atEpochMs) < REPORT_EVERY_MS) {
      before.uncounted++;
      return undefined;
    }
    if (known.size > MOST_KNOWN) known.clear();
    known.set(key, { which, atEpochMs, uncounted: 0 });
    return 1 + (before?.uncounted ?? 0);
  };
};

/**
 * Reports who gets which token and who gets none: what is new at once, and what goes on at most once a minute with how
 * often, because every event costs money and a busy consumer asks with each of its own calls.
 */
export const handOutReports = ({
  clock,
  telemetry,
}: Pick<TokensPorts, 'clock' | 'telemetry'>): HandOutReports => {
  const handedOut = onceAMinute(clock);
  const unavailable = onceAMinute(clock);
  const failed = onceAMinute(clock);
  const refused = new Map<string, number>();
  return {
    failed(grantId, failure) {
      const credentialId = grantCredentialId(grantId);
      if (failed(`${credentialId} ${failure.code}`) !== undefined)
        telemetry.failure({ ...failure, subject: { credentialId } });
    },
    handedOut(asked, source) {
      const { seq } = asked;
      const handOuts = handedOut(keyOf(asked), String(seq));
      if (handOuts !== undefined)
        telemetry.event('keywatch.token.handed_out', { ...attributesOf(asked), seq, source, handOuts });
    },
    unavailable(asker, reason) {
      const refusals = unavailable(`${keyOf(asker)} ${reason}`);
      const { action } = TOKEN_TROUBLES[reason];
      if (refusals !== undefined)
        telemetry.event('keywatch.token.unavailable', { ...attributesOf(asker), reason, refusals, action });
    },
    refused(asked) {
      const { grantId, seq } = asked;
      if (refused.get(grantId) === seq) return;
      refused.set(grantId, seq);
      telemetry.event('keywatch.token.reported', { ...attributesOf(asked), seq });
    },
  };
};
