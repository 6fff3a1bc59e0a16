import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import { errorCode } from '../../kernel/errorCode.ts';
import { permanentFailure } from '../../kernel/failure.ts';
import { isSameText } from '../../kernel/sameText.ts';
import type { BrowserAttempt, ConsentBrowser } from '../ports.ts';
import { isRedirectPath } from '../rules/reconnectPath.ts';

/** RFC 8252 §7.3: the address, and not the name `localhost`, which may be another interface's. */
const HOST = '127.0.0.1';
const COOKIE = 'keywatch-connect';
const DONE_PATH = '/done';
const LONGEST_URL = 8 * 1024;

const HEADERS = {
  'cache-control': 'no-store',
  connection: 'close',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'content-type': 'text/plain; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

const page = (response: ServerResponse, status: number, text: string): void =>
  void response.writeHead(status, HEADERS).end(`${text}\n`);

/** 303: never 307, which would send again what came. @see RFC 9700 §4.12 */
const redirect = (response: ServerResponse, location: string, cookie?: string): void =>
  void response
    .writeHead(303, { ...HEADERS, location, ...(cookie === undefined ? {} : { 'set-cookie': cookie }) })
    .end();

const cookieOf = ({ headers }: IncomingMessage): string =>
  (headers.cookie ?? '')
    .split(/;\s*/)
    .find((one) => one.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1) ?? '';

export interface LoopbackOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  /** How long the last page is waited for once there was an answer. */
  readonly lingerMs?: number;
}

/** The loopback interface of this machine, for a browser on it. @see RFC 8252 §7.3 */
export const loopbackBrowser = ({ clock, lingerMs = 2_000 }: LoopbackOptions): ConsentBrowser => ({
  async open(attempt: BrowserAttempt) {
    const binding = randomBytes(32).toString('base64url');
    const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 });
    const listening = await new Promise<{ readonly port: number } | { readonly code: string | undefined }>(
      (resolve) => {
        server.once('error', (error) => resolve({ code: errorCode(error) }));
        server.listen(attempt.port, HOST, () => resolve({ port: (server.address() as AddressInfo).port }));
      },
    );
    if ('code' in listening) {
      const isTaken = listening.code === 'EADDRINUSE';
      return permanentFailure({
        code: 'port_unavailable',
        message: `Port ${attempt.port} of this machine ${isTaken ? 'is taken' : `cannot be opened (${listening.code ?? 'no reason given'})`}.`,
        action: 'Name another one with --port, and register its redirect address at the provider.',
      });
    }
    const host = `${HOST}:${listening.port}`;
    const origin = `http://${host}`;
    const redirectUri = `${origin}${attempt.callbackPath}`;
    const thanked = Promise.withResolvers<void>();
    let isAnswered = false;
    const cookie = `${COOKIE}=${binding}; HttpOnly; SameSite=Lax; Path=/`;

    server.on('request', (request, response) => {
      const url = request.url ?? '';
      // Another name for this machine is a page that rebinds its own to it.
      if (request.headers.host !== host || request.method !== 'GET')
        return page(response, 403, 'This is not for you.');
      if (url.length > LONGEST_URL) return page(response, 414, 'This is too long.');
      // A query may have a question mark of its own. @see RFC 3986 §3.4
      const [path = '', ...query] = url.split('?');
      if (path === DONE_PATH) {
        response.once('close', thanked.resolve);
        return page(response, 200, 'Thank you. What came of it is in the terminal.');
      }
      if (isSameText(path, attempt.startPath))
        return redirect(response, attempt.requestFor(redirectUri), cookie);
      if (!isRedirectPath(path, attempt.callbackPath)) return page(response, 404, 'There is no such page.');
      const isOurs =
        isSameText(cookieOf(request), binding) && attempt.onCallback(new URLSearchParams(query.join('?')));
      if (!isOurs)
        return page(
          response,
          400,
          'This is no answer to a request of this browser. Open the link of the terminal again.',
        );
      isAnswered = true;
      redirect(response, DONE_PATH);
    });
    return {
      ok: true,
      link: `${origin}${attempt.startPath}`,
      redirectUri,
      async close() {
        const linger = new AbortController();
        if (isAnswered)
          await Promise.race([thanked.promise, clock.sleep(lingerMs, linger.signal).catch(() => undefined)]);
        linger.abort();
        server.close();
        server.closeIdleConnections();
        server.unref();
      },
    };
  },
});
