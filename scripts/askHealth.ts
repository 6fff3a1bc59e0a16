import { WHERE_TO_NAME_TARGETS } from '../src/lib/credentials/sources.ts';
import { jsonObjectOf } from '../src/lib/kernel/json.ts';
import { keysOf } from '../src/lib/kernel/keysOf.ts';
import { pathOf } from '../src/lib/web/rules/routes.ts';
import { type Asking, askAgain, whyUnanswered } from './askAgain.ts';

/** What an app counts of what it watches, in words for one and for many. */
const WATCHED = {
  vaults: ['vault', 'vaults'],
  subscriptions: ['subscription', 'subscriptions'],
  directories: ['directory', 'directories'],
  grants: ['grant', 'grants'],
  clients: ['client', 'clients'],
  rotations: ['rotation', 'rotations'],
} as const;
const WATCHED_NAMES = keysOf(WATCHED);

/** How much an app watches; it names nothing of it. */
export type Watches = Readonly<Record<keyof typeof WATCHED, number>>;

/** What a deployed app said of itself in the end; `watches` is absent where it did not say. */
export type HealthAnswer =
  | { healthy: true; watches: Watches | undefined }
  /** It runs and says that it is not configured to work. */
  | { healthy: false; reason: 'unhealthy' }
  /** It does not answer as Keywatch would: `last` says what came instead. */
  | { healthy: false; reason: 'no_answer'; last: string };

/**
 * Asks a deployed app for `/api/health` until it is healthy or the attempts are used up.
 *
 * @throws {TypeError} when the url is none.
 */
export const askHealth = (asking: Asking): Promise<HealthAnswer> => {
  const address = new URL(pathOf('health'), asking.url);
  const unsure = (answer: HealthAnswer) => {
    if (answer.healthy) return undefined;
    return answer.reason === 'unhealthy' ? 'it is not configured to work' : answer.last;
  };
  return askAgain(asking, () => askOnce(address, asking.timeoutMs), unsure);
};

const askOnce = async (address: URL, timeoutMs: number): Promise<HealthAnswer> => {
  const unanswered = (last: string): HealthAnswer => ({ healthy: false, reason: 'no_answer', last });
  try {
    const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    // The platform has pages of its own with the same statuses: only Keywatch says its word in this place.
    const said = jsonObjectOf(text);
    if (response.status === 200 && said?.status === 'healthy')
      return { healthy: true, watches: watchesIn(said.watches) };
    if (response.status === 503 && said?.status === 'unhealthy')
      return { healthy: false, reason: 'unhealthy' };
    return unanswered(`status ${response.status}, not from Keywatch`);
  } catch (error) {
    return unanswered(whyUnanswered(error));
  }
};

const watchesIn = (given: unknown): Watches | undefined => {
  const counts = (given ?? {}) as Readonly<Record<string, unknown>>;
  if (!WATCHED_NAMES.every((name) => Number.isSafeInteger(counts[name]))) return undefined;
  return Object.fromEntries(WATCHED_NAMES.map((name) => [name, Number(counts[name])])) as unknown as Watches;
};

/** What an app watches, in words; what to do where that is nothing. */
export const watchesInWords = (watches: Watches): string => {
  const counted = WATCHED_NAMES.map(
    (name) => `${watches[name]} ${WATCHED[name][watches[name] === 1 ? 0 : 1]}`,
  );
  const words = `It watches ${counted.slice(0, -1).join(', ')} and ${counted.at(-1)}.`;
  const { vaults, subscriptions, directories } = watches;
  if (vaults > 0 || subscriptions > 0 || directories > 0) return words;
  return `${words} Nothing is scanned: name ${WHERE_TO_NAME_TARGETS}, and deploy again.`;
};
