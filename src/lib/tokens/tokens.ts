import type { Caller } from '../callers/rules/caller.ts';
import type { TokenSource } from '../credentials/tokenSources.ts';
import type { StoreFailureReason } from '../kernel/storeFailure.ts';
import type { AccessTokenView, RefreshOutcome } from '../refresh/refresher.ts';
import { callerRates } from './callerRates.ts';
import { handOutReports } from './handOuts.ts';
import { oneAtATime } from './oneAtATime.ts';
import { openedTokens } from './openedTokens.ts';
import type { TokensPorts } from './ports.ts';
import type { TokenReply } from './rules/tokenReply.ts';
import type { TokenWish } from './rules/tokenRequest.ts';

export interface TokensSettings {
  /** Where a person consents to a grant again; absent: nowhere that is known. */
  readonly reconnectUrlOf: (grantId: string) => string | undefined;
}

/** Who asks for an access token of which grant. */
export interface TokenQuestion {
  readonly grantId: string;
  readonly caller: Caller;
  readonly wish: TokenWish;
}

/** What functions may ask about access tokens. */
export interface Tokens {
  /** Gives one that serves the wish, or says why not and when to ask again. Whether the caller may was asked before. */
  handOut(question: TokenQuestion): Promise<TokenReply>;
}

/** How long another instance's refresh is waited for. */
const PATIENCE_MS = 20_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;
/** A grant whose refresh ended without a token is not looked at again by this process for so long. */
const TROUBLE_MS = 5_000;
/** A worker may first have to finish what another one began. */
const MOST_REFRESHES = 3;

type Ended = 'ended' | 'busy';

interface Trouble {
  readonly atMs: number;
  /** Until then the end of an attempt is waited for; 0: nobody knows. */
  readonly untilEpochMs: number;
}

/** Outcomes after which the record says more. */
const READ_AGAIN: ReadonlySet<RefreshOutcome['kind']> = new Set(['refreshed', 'recovered', 'not_due']);

/** Why no later try opens a token. Another one would be sealed anew, for the key as it is now. */
const NEVER_OPENS: ReadonlySet<StoreFailureReason> = new Set(['key_gone', 'tampered']);

/** Hands out the access tokens of grants: shared by all instances through the control record, never refreshed twice for one need. */
export const createTokens = ({ reconnectUrlOf }: TokensSettings, ports: TokensPorts): Tokens => {
  const { clock, refresher } = ports;
  const rate = callerRates(clock);
  const report = handOutReports(ports);
  const open = openedTokens(ports);
  const read = oneAtATime((grantId) => refresher.readAccessToken(grantId));
  const trouble = new Map<string, Trouble>();
  const refresh = oneAtATime(async (grantId, wish: TokenWish): Promise<Ended> => {
    const outcome = await refresher.refreshAccessToken(grantId, wish);
    if (outcome?.kind === 'busy') return 'busy';
    const untilEpochMs = outcome?.kind === 'waiting' ? outcome.untilEpochMs : 0;
    if (outcome !== undefined && READ_AGAIN.has(outcome.kind)) trouble.delete(grantId);
    else trouble.set(grantId, { atMs: clock.monotonicMs(), untilEpochMs });
    return 'ended';
  });
  const troubleOf = (grantId: string): Trouble | undefined => {
    const known = trouble.get(grantId);
    return known !== undefined && clock.monotonicMs() - known.atMs < TROUBLE_MS ? known : undefined;
  };

  /** A refresh goes on though nobody waits for it any more: its answer may take minutes. */
  const refreshWithin = async (timeoutMs: number, grantId: string, wish: TokenWish): Promise<Ended> => {
    const waiting = new AbortController();
    const late = clock.sleep(timeoutMs, waiting.signal).then(
      () => 'busy' as const,
      () => 'busy' as const,
    );
    try {
      return await Promise.race([refresh(grantId, wish), late]);
    } finally {
      waiting.abort();
    }
  };

  const give = async (
    { grantId, caller, wish }: TokenQuestion,
    view: AccessTokenView,
    source: TokenSource,
  ): Promise<TokenReply | undefined> => {
    const { living, nowEpochMs } = view;
    const expiresInSeconds = Math.floor(((living?.expiresAtEpochMs ?? 0) - nowEpochMs) / 1000);
    if (living === undefined || living.digest === wish.refused || expiresInSeconds < 1) return undefined;
    const opened = await open(grantId, living);
    if (!opened.ok) {
      report.failed(grantId, opened);
      return NEVER_OPENS.has(opened.reason) ? undefined : unavailable('the token cannot be opened now');
    }
    const { scope, seq } = living;
    report.handedOut({ grantId, caller, seq }, source);
    return { kind: 'token', accessToken: opened.accessToken, expiresInSeconds, scope, seq, source };
  };

  /** A token that lives is good until its end, whatever the grant is in. */
  const keptOr = async (
    question: TokenQuestion,
    view: AccessTokenView,
    otherwise: TokenReply,
  ): Promise<TokenReply> => {
    const { deadSinceEpochMs } = view;
    const reconnectUrl = reconnectUrlOf(question.grantId);
    const said: TokenReply = deadSinceEpochMs === undefined ? otherwise : { kind: 'dead', reconnectUrl };
    return (await give(question, view, 'kept')) ?? said;
  };

  const handOut = async (question: TokenQuestion): Promise<TokenReply> => {
    const { grantId, caller } = question;
    let { wish } = question;
    const startMs = clock.monotonicMs();
    let waitMs = FIRST_WAIT_MS;
    for (let refreshes = 0; ; ) {
      const found = await read(grantId);
      if (found === undefined) return { kind: 'unknown' };
      if (!found.ok) {
        report.failed(grantId, found);
        return unavailable('the record of the grant cannot be read now');
      }
      const { view } = found;
      const { living } = view;
      if (living !== undefined && living.digest === question.wish.refused)
        report.refused({ grantId, caller, seq: living.seq });
      const decision = view.decide(wish);
      if (decision.kind === 'serves') {
        const given = await give(question, view, refreshes === 0 ? 'hit' : 'refreshed');
        if (given !== undefined) return given;
        // It ends in this second, or never opens: of no more use than one that was refused.
        wish = { ...wish, refused: living?.digest };
        continue;
      }
      const reason = wish === question.wish ? decision.reason : 'the token on record is of no use';
      const known = troubleOf(grantId);
      const { untilEpochMs } = 'untilEpochMs' in decision ? decision : (known ?? { untilEpochMs: 0 });
      const retryAfterSeconds = Math.max(untilEpochMs - view.nowEpochMs, TROUBLE_MS) / 1000;
      if (decision.kind === 'refused_again')
        return { kind: wish === question.wish ? 'too_many' : 'unavailable', retryAfterSeconds, reason };
      const mayRefresh = decision.kind === 'refresh' && view.deadSinceEpochMs === undefined;
      if (!mayRefresh || refreshes >= MOST_REFRESHES || known !== undefined)
        return keptOr(question, view, { kind: 'unavailable', retryAfterSeconds, reason });
      const leftMs = startMs + PATIENCE_MS - clock.monotonicMs();
      if (leftMs <= 0) return keptOr(question, view, unavailable('the grant is being refreshed'));
      if ((await refreshWithin(leftMs, grantId, wish)) === 'ended') refreshes++;
      else {
        await clock.sleep(waitMs);
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
    }
  };

  return {
    async handOut(question) {
      const { tenantId, objectId } = question.caller;
      const waitSeconds = rate([question.grantId, tenantId, objectId].join(' '));
      if (waitSeconds > 0)
        return {
          kind: 'too_many',
          retryAfterSeconds: waitSeconds,
          reason: 'you ask too often for this grant',
        };
      return handOut(question);
    },
  };
};

const unavailable = (reason: string): TokenReply => ({
  kind: 'unavailable',
  retryAfterSeconds: TROUBLE_MS / 1000,
  reason,
});
