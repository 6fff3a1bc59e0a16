/** The code that the system gave an error, such as `ECONNREFUSED`; absent: none, or a text that may be from outside. */
export const errorCode = (error: unknown): string | undefined => {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
};

/** The same to end a sentence with, as in ` (ECONNREFUSED)`; empty without one. */
export const codeBehind = (error: unknown): string => {
  const code = errorCode(error);
  return code === undefined ? '' : ` (${code})`;
};

/** The error of the HTTP parser carries the bytes that it refused, and a token may be in them: only its words go on. */
export const withoutBytes = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'rawPacket' in error
    ? new Error(`the answer is not HTTP${codeBehind(error)}`)
    : error;
