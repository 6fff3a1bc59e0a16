import { grantCredentialId } from '../../credentials/credentialIds.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { ClientAuthentication } from '../../oauth/clientAuthentication/clientCredential.ts';
import type { TokenAnswer } from '../../oauth/ports.ts';
import { refreshUrlOf } from '../../oauth/rules/providerProfile.ts';
import type { PreparedAttempt } from './attempt.ts';

/** What came of a request that was made, or could not be. */
export type RecordedAnswer = Exclude<TokenAnswer, { readonly kind: 'fenced' }>;

export type Exchange =
  | {
      readonly kind: 'answered';
      readonly answer: RecordedAnswer;
      readonly posts: number;
      /** What came of the requests before, where an answer to one of them was lost. */
      readonly lost?: Lost | undefined;
    }
  /** The lease could not be made sure of, or the process is about to end; nothing was sent. */
  | { readonly kind: 'fenced'; readonly failure: StoreFailure | undefined };

/**
 * Sends the token. Before every request the lease is renewed and has to outlast the sending: neither the
 * authorization server nor the vault know the lease, so only this clock can stop an overtaken worker.
 *
 * A lost answer is asked for again with the same token only inside the window in which the provider
 * accepts that, which a strict provider never does. The last request is waited for as long as it takes.
 */
export const exchange = async (
  prepared: PreparedAttempt,
  authenticate: ClientAuthentication,
): Promise<Exchange> => {
  const { timings } = prepared;
  let lost: Lost | undefined;
  for (let posts = 1; ; posts++) {
    const unfenced = await holdLease(prepared);
    if (unfenced !== undefined) {
      return lost === undefined ? unfenced : { kind: 'answered', answer: lost, posts: posts - 1 };
    }
    // Renewing took time, and a machine that slept meanwhile knows it only from the store's clock.
    if (lost !== undefined && !mayRepeat(prepared, 0))
      return { kind: 'answered', answer: lost, posts: posts - 1 };
    const isLast = posts >= timings.maximumPosts || !mayRepeat(prepared, timings.repeatAfterMs);
    const timeoutMs = isLast ? timings.lastAnswerMs : timings.repeatAfterMs;
    const answer = await post(prepared, authenticate, timeoutMs);
    if (answer.kind === 'fenced') {
      return lost === undefined
        ? { kind: 'fenced', failure: undefined }
        : { kind: 'answered', answer: lost, posts: posts - 1 };
    }
    if (answer.kind !== 'ambiguous') {
      // A "not now" to the repetition says nothing about the request before it.
      const decides = answer.kind === 'tokens' || (answer.kind === 'refused' && answer.class === 'dead');
      return { kind: 'answered', answer: decides ? answer : (lost ?? answer), posts, lost };
    }
    // What came of an earlier one may be all that is left of the new token.
    lost = { ...answer, evidence: answer.evidence ?? lost?.evidence };
    if (isLast || !mayRepeat(prepared, 0)) return { kind: 'answered', answer: lost, posts };
  }
};

/** An answer that says neither success nor refusal, or none at all. */
export type Lost = Extract<TokenAnswer, { kind: 'ambiguous' }>;

const holdLease = async ({ leased, timings, stop }: PreparedAttempt): Promise<Exchange | undefined> => {
  const renewed = await leased.renew();
  if (!renewed.ok) return { kind: 'fenced', failure: renewed };
  const mayStart = !stop.aborted && leased.canStart(timings.sendTimeoutMs);
  return mayStart ? undefined : { kind: 'fenced', failure: undefined };
};

/** Whether a request that is begun `afterMs` from now arrives while the old token is still accepted. */
const mayRepeat = ({ intent, leased, timings }: PreparedAttempt, afterMs: number): boolean =>
  intent.graceUntilEpochMs !== undefined &&
  leased.storeNowEpochMs() + afterMs + timings.sendTimeoutMs <= intent.graceUntilEpochMs;

const post = async (
  { ports, grant, profile, timings, base, leased, stop }: PreparedAttempt,
  authenticate: ClientAuthentication,
  timeoutMs: number,
): Promise<TokenAnswer> => {
  let answered: TokenAnswer | undefined;
  // Lost all the same, the lease changes nothing: the request is under way, and its answer is what matters.
  const renewLease = () => void leased.renew().catch(() => undefined);
  const startMs = ports.clock.monotonicMs();
  const refresh = async (): Promise<TokenAnswer> => {
    answered = await ports.server.refresh({
      grantId: grant.id,
      profile,
      clientId: grant.clientId,
      authenticate,
      refreshToken: base.value,
      timeoutMs,
      sendWithinMs: timings.sendTimeoutMs,
      stillWaiting: { everyMs: (timings.leaseSeconds * 1000) / 3, notify: renewLease },
      mayStillSend: () =>
        !stop.aborted && leased.canStart(timings.sendTimeoutMs - (ports.clock.monotonicMs() - startMs)),
    });
    return answered;
  };
  try {
    return await ports.telemetry.httpCall(
      { method: 'POST', url: refreshUrlOf(profile), credentialId: grantCredentialId(grant.id) },
      refresh,
      (answer) => ('httpStatus' in answer ? answer.httpStatus : undefined),
    );
  } catch (cause) {
    // Both ports promise not to reject. An answer that came is worth more than having told of it; without
    // one, the request may have been carried out.
    return answered ?? { kind: 'ambiguous', reason: 'the client failed', cause };
  }
};
