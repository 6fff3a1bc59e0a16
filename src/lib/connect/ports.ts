import type { Failure } from '../kernel/failure.ts';

/** One person's browser, as an attempt meets it. */
export interface BrowserAttempt {
  /** Of this machine; 0 takes any free one. */
  readonly port: number;
  /** Path of the callback: one for each authorization server, so that no other's answer arrives there (RFC 9700 §4.4). */
  readonly callbackPath: string;
  /** Path of the link that the person opens. Cannot be guessed. */
  readonly startPath: string;
  /** Where the link leads. */
  readonly requestFor: (redirectUri: string) => string;
  /**
   * Told of every callback of the browser that opened the link. False: it is not that of this attempt, and
   * another one may still come.
   */
  readonly onCallback: (query: URLSearchParams) => boolean;
  /** Told that no callback can come any more, for example because nobody can enter one. */
  readonly onEnd: () => void;
}

export interface OpenBrowserAttempt {
  readonly ok: true;
  /** What the person opens, on this machine. */
  readonly link: string;
  readonly redirectUri: string;
  /** Stops listening, once the page that an answer leads to was seen or a moment has passed. Never rejects. */
  readonly close: () => Promise<void>;
}

/**
 * The way from and to a person's browser.
 *
 * Guaranteed: a callback is handed on only when it comes to this machine's own address, under its own name, from
 * the browser that opened the link; its query is 8 kB at most. Not guaranteed: whose it is beyond that, that it
 * comes once, or at all. No page of it shows anything that came with a request.
 */
export interface ConsentBrowser {
  open(attempt: BrowserAttempt): Promise<OpenBrowserAttempt | Failure>;
}
