import { CALLER_REFUSALS, type CallerRefusal } from '../../src/lib/credentials/callerRefusals.ts';
import type { TokenSource } from '../../src/lib/credentials/tokenSources.ts';
import { TOKEN_TROUBLES, type TokenTrouble } from '../../src/lib/credentials/tokenTroubles.ts';
import type { Telemetry } from '../../src/lib/telemetry/telemetry.ts';

/** What may happen to those who ask for access tokens of grants; every time is minutes before now. */
export interface TokenEmitter {
  /** A consumer reports that the access token of a grant is answered 401. */
  tokenReported(id: string, minutesAgo: number): void;
  /** A consumer got one. */
  tokenGot(id: string, minutesAgo: number, source?: TokenSource): void;
  /** A consumer may have one and gets none for now. */
  tokenUnavailable(id: string, minutesAgo: number, reason: TokenTrouble): void;
  /** Somebody was turned away from the token endpoint, be it whoever. */
  turnedAway(minutesAgo: number, reason: CallerRefusal): void;
}

const caller = { tenantId: 'tenant', objectId: 'a program' };

export const tokenEmitter = (
  telemetry: Pick<Telemetry, 'event'>,
  go: (minutesAgo: number) => void,
): TokenEmitter => ({
  tokenReported(id, minutesAgo) {
    go(minutesAgo);
    telemetry.event('keywatch.token.reported', { credentialId: `grant/${id}`, seq: 1, ...caller });
  },
  tokenGot(id, minutesAgo, source = 'hit') {
    go(minutesAgo);
    const got = { credentialId: `grant/${id}`, seq: 1, source, handOuts: 1 };
    telemetry.event('keywatch.token.handed_out', { ...got, ...caller });
  },
  tokenUnavailable(id, minutesAgo, reason) {
    go(minutesAgo);
    const { action } = TOKEN_TROUBLES[reason];
    const asked = { credentialId: `grant/${id}`, reason, refusals: 3, action };
    telemetry.event('keywatch.token.unavailable', { ...asked, ...caller });
  },
  turnedAway(minutesAgo, reason) {
    go(minutesAgo);
    const { action } = CALLER_REFUSALS[reason];
    telemetry.event('keywatch.caller.refused', { reason, function: 'grantToken', action });
  },
});
