import type { IncomingMessage } from 'node:http';
import type { HttpCookie, HttpData, TypedData } from './coreTypes.ts';

/** An answer on its way out. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

const nullable = (pairs: Iterable<readonly [string, string]>): Record<string, { value: string }> => {
  const result: Record<string, { value: string }> = {};
  for (const [name, value] of pairs) {
    const known = Object.hasOwn(result, name) ? result[name] : undefined;
    // Repeated ones arrive as one, joined with a comma, as from the real host.
    result[name] = { value: known === undefined ? value : `${known.value},${value}` };
  }
  return result;
};

/** What the worker would be sent for a request. */
export const toHttpData = (
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  params: Readonly<Record<string, string>>,
): HttpData => ({
  method: request.method ?? 'GET',
  url: url.href,
  nullableHeaders: nullable(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  ),
  nullableQuery: nullable(url.searchParams),
  nullableParams: nullable(Object.entries(params)),
  ...(body.length === 0 ? {} : { body: { bytes: body } }),
});

/** What the caller gets for a function's return value; nothing returned is 204. */
export const toHttpAnswer = (returnValue: TypedData | null | undefined): HttpAnswer => {
  if (returnValue === undefined || returnValue === null) return { status: 204 };
  const { http } = returnValue;
  if (http === undefined) return { status: 200, body: returnValue.string ?? returnValue.json ?? '' };
  return {
    status: Number(http.statusCode ?? 200),
    headers: {
      ...http.headers,
      ...(http.cookies?.length ? { 'set-cookie': http.cookies.map(setCookie) } : {}),
    },
    ...(http.body?.bytes === undefined ? {} : { body: http.body.bytes }),
  };
};

const setCookie = ({ name, value, path, secure, httpOnly, sameSite, maxAge }: HttpCookie): string =>
  [
    `${name}=${value}`,
    ...(path === undefined ? [] : [`Path=${path.value}`]),
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge.value}`]),
    ...(secure?.value === true ? ['Secure'] : []),
    ...(httpOnly?.value === true ? ['HttpOnly'] : []),
    ...(sameSite === 'lax' ? ['SameSite=Lax'] : sameSite === 'strict' ? ['SameSite=Strict'] : []),
  ].join('; ');
