import { grantCredentialId } from '../../domain/grant.ts';
import { refreshUrlOf } from '../../domain/providerProfile.ts';
import type { ResolvedClientAuthentication, TokenAnswer } from '../../ports/authorizationServer.ts';
import type { StoreFailure } from '../../ports/storeFailure.ts';
import type { ArmedAttempt } from './attempt.ts';

export type Exchange =
  | { readonly kind: 'answered'; readonly answer: TokenAnswer; readonly posts: number }
  /** The lease could not be made sure of; nothing was sent. */
  | { readonly kind: 'fenced'; readonly failure: StoreFailure | undefined };

/**
 * Sends the token. Before every request the lease is renewed and has to outlast the request: neither the
 * authorization server nor the vault know the lease, so only this clock can stop an overtaken worker.
 *
 * A lost answer is asked for again with the same token only inside the window in which the provider
 * accepts that, which a strict provider never does.
 */
export const exchange = async (
  armed: ArmedAttempt,
  clientAuthentication: ResolvedClientAuthentication,
): Promise<Exchange> => {
  const { timings } = armed;
  let lost: TokenAnswer | undefined;
  for (let posts = 1; ; posts++) {
    const unfenced = await holdLease(armed);
    if (unfenced !== undefined) {
      return lost === undefined ? unfenced : { kind: 'answered', answer: lost, posts: posts - 1 };
    }
    const answer = await post(armed, clientAuthentication);
    if (answer.kind !== 'ambiguous') {
      // A "not now" to the repetition says nothing about the request before it.
      const decides = answer.kind === 'tokens' || (answer.kind === 'refused' && answer.class === 'dead');
      return { kind: 'answered', answer: decides ? answer : (lost ?? answer), posts };
    }
    lost = answer;
    if (posts >= timings.maximumPosts || !mayRepeat(armed)) return { kind: 'answered', answer, posts };
  }
};

const holdLease = async ({ journal, timings }: ArmedAttempt): Promise<Exchange | undefined> => {
  const renewed = await journal.renew();
  if (!renewed.ok) return { kind: 'fenced', failure: renewed };
  return journal.canStart(timings.postTimeoutMs) ? undefined : { kind: 'fenced', failure: undefined };
};

const mayRepeat = ({ intent, journal, timings }: ArmedAttempt): boolean =>
  intent.graceUntilEpochMs !== undefined &&
  journal.storeNowEpochMs() + timings.postTimeoutMs <= intent.graceUntilEpochMs;

const post = async (
  { ports, grant, profile, timings, base }: ArmedAttempt,
  clientAuthentication: ResolvedClientAuthentication,
): Promise<TokenAnswer> => {
  let answered: TokenAnswer | undefined;
  const refresh = async (): Promise<TokenAnswer> => {
    answered = await ports.server.refresh({
      grantId: grant.id,
      profile,
      clientId: grant.clientId,
      clientAuthentication,
      refreshToken: base.value,
      timeoutMs: timings.postTimeoutMs,
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
