/** How a deployed app is asked until it gives an answer that is final. */
export interface Asking {
  /** Address of the app, such as https://NAME.azurewebsites.net. */
  readonly url: string;
  /** How often to ask before giving up. */
  readonly attempts: number;
  /** Between two questions. */
  readonly waitMs: number;
  /** After this long a question counts as not answered; a first start takes a while. */
  readonly timeoutMs: number;
  readonly wait: (ms: number) => Promise<void>;
  /** Is told each answer that is not final, so that waiting is seen. */
  readonly tell: (words: string) => void;
}

/**
 * Asks until an answer is final or the attempts are used up: just after a deployment the platform answers 404 or 503
 * for a while.
 * @param unsure what an answer says that is not final; undefined when it is
 */
export const askAgain = async <T>(
  { attempts, waitMs, wait, tell }: Asking,
  ask: () => Promise<T>,
  unsure: (answer: T) => string | undefined,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask();
    const said = unsure(answer);
    if (said === undefined) return answer;
    tell(`${attempt} of ${attempts}: ${said}`);
    if (attempt >= attempts) return answer;
    await wait(waitMs);
  }
};

/** What kept a question from an answer, in the words of the connection. */
export const whyUnanswered = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : 'no answer';
};
