/**
 * Ends `ms` from now, once what had arrived by then was read. After a pause of the process its timers end before its
 * sockets are read: an answer that came in time would be given up unread, and the token in it lost.
 */
export const readingLimit = (ms: number): AbortSignal => {
  const limit = new AbortController();
  const timeout = AbortSignal.timeout(ms);
  // Node.js reads sockets after timers, and before this.
  const end = (): void => void setImmediate(() => limit.abort(timeout.reason));
  timeout.addEventListener('abort', end, { once: true });
  return limit.signal;
};
