/** What a deployed app said of itself in the end. */
export type HealthAnswer =
  | { healthy: true }
  /** It runs and says that it is not configured to work. */
  | { healthy: false; reason: 'unhealthy' }
  /** It does not answer as Keywatch would: `last` says what came instead. */
  | { healthy: false; reason: 'no_answer'; last: string };

export interface HealthQuestion {
  /** Address of the app, such as https://NAME.azurewebsites.net. */
  url: string;
  /** How often to ask before giving up. */
  attempts: number;
  /** Between two questions. */
  waitMs: number;
  /** After this long a question counts as not answered; a first start takes a while. */
  timeoutMs: number;
  wait: (ms: number) => Promise<void>;
  /** Is told each answer but the last good one, so that waiting is seen. */
  tell: (words: string) => void;
}

/**
 * Asks a deployed app for `/api/health` until it is healthy or the attempts are used up. Just after a deployment the
 * platform answers 404 or 503 for a while, so no single answer is final.
 *
 * @throws {TypeError} when the url is none.
 */
export const askHealth = async (question: HealthQuestion): Promise<HealthAnswer> => {
  const { attempts, waitMs, wait, tell } = question;
  const address = new URL('/api/health', question.url);
  let answer: HealthAnswer = { healthy: false, reason: 'no_answer', last: 'it was not asked' };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    answer = await askOnce(address, question.timeoutMs);
    if (answer.healthy) return answer;
    const said = answer.reason === 'unhealthy' ? 'it is not configured to work' : answer.last;
    tell(`${attempt} of ${attempts}: ${said}`);
    if (attempt < attempts) await wait(waitMs);
  }
  return answer;
};

const askOnce = async (address: URL, timeoutMs: number): Promise<HealthAnswer> => {
  try {
    const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    if (response.status === 200 && says(text, 'healthy')) return { healthy: true };
    if (response.status === 503 && says(text, 'unhealthy')) return { healthy: false, reason: 'unhealthy' };
    return { healthy: false, reason: 'no_answer', last: `status ${response.status}, not from Keywatch` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      healthy: false,
      reason: 'no_answer',
      last: cause instanceof Error ? cause.message : 'no answer',
    };
  }
};

/** The platform has pages of its own with the same statuses: only Keywatch says this word in this place. */
const says = (text: string, status: string): boolean => {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'status' in body && body.status === status;
  } catch {
    return false;
  }
};
