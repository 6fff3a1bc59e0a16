import type { Caller } from '../callers/rules/caller.ts';
import type { TokenSource } from '../credentials/tokenSources.ts';
import type { TokenTrouble } from '../credentials/tokenTroubles.ts';
import type { AccessTokenView } from '../refresh/refresher.ts';
import { isLost } from '../stores/rules/sealedEnvelope.ts';
import { callerRates } from './callerRates.ts';
import { handOutReports } from './handOuts.ts';
import { oneAtATime } from './oneAtATime.ts';
import { openedTokens } from './openedTokens.ts';
import type { TokensPorts } from './ports.ts';
import type { TokenReply } from './rules/tokenReply.ts';
import type { TokenWish } from './rules/tokenRequest.ts';
import { sharedRefreshes, TROUBLE_MS } from './sharedRefreshes.ts';

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
/** So often a process looks whether a client whose credential is at fault has another one. */
const LOOK_EVERY_MS = 60_000;
/** A worker may first have to finish what another one began. */
const MOST_REFRESHES = 3;

/** How far the answer to one question has come. */
interface Progress {
  readonly question: TokenQuestion;
  /** What is wanted by now: a token that turned out to be of no use counts as refused. */
  wish: TokenWish;
  refreshes: number;
  nextWaitMs: number;
  readonly givesUpAtMs: number;
}

/** Hands out the access tokens of grants: shared by all instances through the control record, never refreshed twice for one need. */
export const createTokens = ({ reconnectUrlOf }: TokensSettings, ports: TokensPorts): Tokens => {
  const { clock, refresher } = ports;
  const rate = callerRates(clock);
  const report = handOutReports(ports);
  const open = openedTokens(ports);
  const read = oneAtATime((grantId) => refresher.readAccessToken(grantId));
  const refreshes = sharedRefreshes(ports);
  const lookedAtMs = new Map<string, number>();

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
      // Another one is sealed anew, for the key as it is now.
      return isLost(opened) ? undefined : unavailable('token_unopened', 'the token cannot be opened now');
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

  const serve = async (progress: Progress, view: AccessTokenView): Promise<TokenReply | undefined> => {
    const given = await give(progress.question, view, progress.refreshes === 0 ? 'hit' : 'refreshed');
    // It ends in this second, or never opens: of no more use than one that was refused.
    if (given === undefined) progress.wish = { ...progress.wish, refused: view.living?.digest };
    return given;
  };

  const refresh = async (
    progress: Progress,
    view: AccessTokenView,
    reason: string,
  ): Promise<TokenReply | undefined> => {
    const { question, wish } = progress;
    const troubleUntilEpochMs = refreshes.troubleUntilEpochMs(question.grantId);
    if (troubleUntilEpochMs !== undefined) {
      const forMs = troubleUntilEpochMs - view.nowEpochMs;
      return keptOr(question, view, unavailable('refresh_failing', reason, forMs));
    }
    if (view.deadSinceEpochMs !== undefined || progress.refreshes >= MOST_REFRESHES)
      return keptOr(question, view, unavailable(uselessness(progress), reason));
    const leftMs = progress.givesUpAtMs - clock.monotonicMs();
    if (leftMs <= 0)
      return keptOr(question, view, unavailable('refresh_slow', 'the grant is being refreshed'));
    if ((await refreshes.within(leftMs, question.grantId, wish)) === 'ended') progress.refreshes++;
    else await waitForOthers(progress);
    return undefined;
  };

  const uselessness = ({ wish, question }: Progress): TokenTrouble =>
    wish === question.wish ? 'none_usable' : 'token_unopened';

  const waitForOthers = async (progress: Progress): Promise<void> => {
    await clock.sleep(progress.nextWaitMs);
    progress.nextWaitMs = Math.min(progress.nextWaitMs * 2, LONGEST_WAIT_MS);
  };

  /** Lets a worker see, now and then, whether somebody has mended the client's credential: then nobody need wait. */
  const look = async (
    progress: Progress,
    view: AccessTokenView,
    reason: string,
  ): Promise<TokenReply | undefined> => {
    const { question } = progress;
    const nowMs = clock.monotonicMs();
    const sinceMs = nowMs - (lookedAtMs.get(question.grantId) ?? Number.NEGATIVE_INFINITY);
    if (sinceMs < LOOK_EVERY_MS)
      return keptOr(question, view, unavailable('refresh_failing', reason, LOOK_EVERY_MS));
    lookedAtMs.set(question.grantId, nowMs);
    return refresh(progress, view, reason);
  };

  /** Reads the record once and does what it asks for; absent: there is reason to read it again. */
  const advance = async (progress: Progress): Promise<TokenReply | undefined> => {
    const { question, wish } = progress;
    const { grantId, caller } = question;
    const found = await read(grantId);
    if (found === undefined) return { kind: 'unknown' };
    if (!found.ok) {
      report.failed(grantId, found);
      return unavailable('record_unreadable', 'the record of the grant cannot be read now');
    }
    const { view } = found;
    const { living, nowEpochMs } = view;
    if (living !== undefined && living.digest === question.wish.refused)
      report.refused({ grantId, caller, seq: living.seq });
    const decision = view.decide(wish);
    const isOwnWish = wish === question.wish;
    const reason = isOwnWish ? decision.reason : 'the token on record is of no use';
    switch (decision.kind) {
      case 'serves':
        return serve(progress, view);
      case 'refresh':
        return refresh(progress, view, reason);
      case 'later':
        return decision.isOfClient
          ? look(progress, view, reason)
          : keptOr(question, view, unavailable(decision.trouble, reason, decision.untilEpochMs - nowEpochMs));
      case 'refused_again': {
        const forMs = decision.untilEpochMs - nowEpochMs;
        return isOwnWish ? tooMany(reason, forMs) : unavailable(uselessness(progress), reason, forMs);
      }
    }
  };

  const answer = async (question: TokenQuestion): Promise<TokenReply> => {
    const progress: Progress = {
      question,
      wish: question.wish,
      refreshes: 0,
      nextWaitMs: FIRST_WAIT_MS,
      givesUpAtMs: clock.monotonicMs() + PATIENCE_MS,
    };
    for (;;) {
      const reply = await advance(progress);
      if (reply !== undefined) return reply;
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
      try {
        const reply = await answer(question);
        if (reply.kind === 'unavailable') report.unavailable(question, reply.trouble);
        return reply;
      } catch (error) {
        // The host answers 500 and has the exception; whom it shuts out is known here alone.
        report.unavailable(question, 'exception');
        throw error;
      }
    },
  };
};

const secondsOf = (forMs: number): number => Math.max(forMs, TROUBLE_MS) / 1000;

const tooMany = (reason: string, forMs: number): TokenReply => ({
  kind: 'too_many',
  retryAfterSeconds: secondsOf(forMs),
  reason,
});

const unavailable = (trouble: TokenTrouble, reason: string, forMs = 0): TokenReply => ({
  kind: 'unavailable',
  trouble,
  retryAfterSeconds: secondsOf(forMs),
  reason,
});
