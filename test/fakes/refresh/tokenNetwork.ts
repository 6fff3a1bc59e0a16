import type { Clock } from '../../../src/lib/kernel/clock.ts';
import type { RefreshCall, TokenAnswer } from '../../../src/lib/oauth/ports.ts';
import type { ProviderProfile } from '../../../src/lib/oauth/rules/providerProfile.ts';
import {
  type RawTokenResponse,
  readTokenAnswer,
} from '../../../src/lib/oauth/tokenEndpoint/tokenResponse.ts';
import {
  ECHOES,
  KEEPING,
  plainRefusal,
  plainTokens,
  proxyFailure,
  READABLE,
  UNREADABLE,
} from './answerShapes.ts';
import type { PortCall } from './fakeControlStore.ts';
import type { RefreshWorld } from './refreshWorld.ts';

/** What the network, or the server itself, does to the next requests. */
export type NetworkFault =
  | 'none'
  | 'request_lost'
  | 'answer_lost'
  | 'proxy_fails'
  | 'refused_connection'
  /** The answer takes longer than a lease that nobody renews. */
  | 'answer_late'
  /** The answer comes when nobody waits for it any more. */
  | 'answer_too_late'
  /** The answer has an odd shape, and what it issues can be read. */
  | 'odd_answer'
  /** The answer has a shape from which what it issues cannot be read. */
  | 'unreadable_answer';

const LATE_MS = 100_000;

type World = Pick<RefreshWorld, 'network' | 'server' | 'profile' | 'elapsedMs'>;

/** What a request comes to, and how long that is on its way back. */
interface Sent {
  readonly answer: TokenAnswer;
  readonly delayMs: number;
}

/** Sends one request through the network to the fake server, and its raw answer through the production reader. */
export const sendThrough = async (
  world: World,
  call: PortCall,
  clock: Clock,
  request: RefreshCall,
): Promise<TokenAnswer> => {
  const { timeoutMs, sendWithinMs = timeoutMs, mayStillSend, stillWaiting } = request;
  const begunMs = clock.monotonicMs();
  const { answer, delayMs } = await call('server.refresh', (): Sent => {
    // A process that stood still finds its timer expired before its handshake is done.
    if (clock.monotonicMs() - begunMs >= sendWithinMs)
      return atOnce({ kind: 'ambiguous', reason: 'timeout' });
    if (mayStillSend?.() === false) return atOnce({ kind: 'fenced' });
    return exchanged(world, request);
  });
  const isTooLate = delayMs > timeoutMs;
  let leftMs = Math.min(delayMs, timeoutMs);
  while (leftMs > 0) {
    const stepMs = Math.min(stillWaiting?.everyMs ?? leftMs, leftMs);
    await clock.sleep(stepMs);
    leftMs -= stepMs;
    if (leftMs > 0) stillWaiting?.notify();
  }
  return isTooLate ? { kind: 'ambiguous', reason: 'timeout' } : answer;
};

const atOnce = (answer: TokenAnswer): Sent => ({ answer, delayMs: 0 });

const exchanged = (world: World, { refreshToken }: RefreshCall): Sent => {
  const { network, server, profile } = world;
  const fault = network.requestsToFault > 0 ? network.fault : 'none';
  if (fault !== 'none') network.requestsToFault--;
  if (fault === 'refused_connection') return atOnce({ kind: 'not_sent', reason: 'connection refused' });
  if (fault === 'request_lost') return atOnce({ kind: 'ambiguous', reason: 'connection reset' });
  const verdict = server.redeem(refreshToken, world.elapsedMs);
  if (fault === 'answer_lost') return atOnce({ kind: 'ambiguous', reason: 'connection reset' });
  const pick = network.shape ?? server.state.requests;
  const isOdd = fault === 'odd_answer' || fault === 'unreadable_answer';
  const spoken = (): RawTokenResponse => {
    if (fault === 'proxy_fails') return proxyFailure(pick);
    if (verdict.kind === 'invalid_grant') return isOdd ? shaped(ECHOES, pick, refreshToken) : plainRefusal();
    if (!isOdd) return plainTokens(verdict);
    if (verdict.refreshToken === undefined) return shaped(KEEPING, pick, refreshToken);
    return shaped(fault === 'odd_answer' ? READABLE : UNREADABLE, pick, verdict.refreshToken);
  };
  const delayMs =
    fault === 'answer_too_late' ? Number.POSITIVE_INFINITY : fault === 'answer_late' ? LATE_MS : 0;
  const isShaped = isOdd || fault === 'proxy_fails';
  const said = JSON.stringify([fault, isShaped && pick, verdict, refreshToken]);
  const known = answers.get(profile) ?? new Map<string, TokenAnswer>();
  const answer = known.get(said) ?? readTokenAnswer(spoken(), profile, refreshToken);
  answers.set(profile, known.set(said, answer));
  return { answer, delayMs };
};

/** Of very many worlds at one provider the answers are few. */
const answers = new WeakMap<ProviderProfile, Map<string, TokenAnswer>>();

const shaped = (shapes: typeof READABLE, pick: number, token: string): RawTokenResponse => {
  const all = Object.values(shapes);
  return (all[pick % all.length] ?? plainRefusal)(token);
};
