/** An HTTP/1 answer taken apart by hand, for what a strict parser refuses. */
export interface RawHttpAnswer {
  /** 0: there is no status line. */
  readonly httpStatus: number;
  readonly header: (name: string) => string | undefined;
  /** All that came after the headers, also beyond the length that they name. */
  readonly body: Buffer;
  /** It came to the end that its headers name. */
  readonly isComplete: boolean;
}

const LONGEST_CHUNK_LINE = 1024;

/** The content of chunks as far as they can be followed; from the first broken one on, everything as it stands. */
const dechunk = (body: Buffer): { readonly content: Buffer; readonly isComplete: boolean } => {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < body.length) {
    const end = body.indexOf('\r\n', at);
    const line = end < 0 || end - at > LONGEST_CHUNK_LINE ? '' : body.toString('latin1', at, end);
    const length = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (length === undefined) {
      parts.push(body.subarray(at));
      break;
    }
    const size = Number.parseInt(length, 16);
    if (size === 0) return { content: Buffer.concat(parts), isComplete: true };
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return { content: Buffer.concat(parts), isComplete: false };
};

/** Where the headers end, and the body begins; some servers end lines with a line feed alone. */
const headEnd = (bytes: Buffer): { readonly end: number; readonly bodyAt: number } => {
  for (const emptyLine of ['\r\n\r\n', '\n\n']) {
    const end = bytes.indexOf(emptyLine);
    if (end >= 0) return { end, bodyAt: end + emptyLine.length };
  }
  return { end: 0, bodyAt: 0 };
};

/** Reads whatever came as leniently as it can be read; interim answers (1xx) are passed over. */
export const readRawHttpAnswer = (bytes: Buffer): RawHttpAnswer => {
  const { end, bodyAt } = headEnd(bytes);
  const status = /^HTTP\/\d(?:\.\d)? (\d{3})/.exec(bytes.toString('latin1', 0, 32))?.[1];
  const httpStatus = Number(status ?? 0);
  const rest = bytes.subarray(bodyAt);
  const isInterim = httpStatus >= 100 && httpStatus < 200 && httpStatus !== 101;
  if (isInterim && bodyAt > 0 && rest.length > 0) return readRawHttpAnswer(rest);
  const headers = new Map<string, string>();
  for (const line of bytes.toString('latin1', 0, end).split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const header = (name: string) => headers.get(name);
  if (/\bchunked\b/i.test(header('transfer-encoding') ?? '')) {
    const { content, isComplete } = dechunk(rest);
    return { httpStatus, header, body: content, isComplete };
  }
  const length = header('content-length');
  return {
    httpStatus,
    header,
    body: rest,
    isComplete: length !== undefined && rest.length >= Number(length),
  };
};
