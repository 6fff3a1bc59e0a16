import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { manualLimits } from '../../../fakes/manualLimits.ts';
import { httpAnswer } from '../../../fakes/rawHttpServer.ts';
import { type RefreshChange, refreshAgainst } from '../../../fakes/refreshAt.ts';

const NEW = 'canary-new-token';
const BODY = JSON.stringify({ access_token: 'canary-access', token_type: 'Bearer', refresh_token: NEW });
const LENGTH = `content-length: ${BODY.length}\r\n`;

const refresh = async (answering: (socket: Socket) => void, change: RefreshChange = {}) =>
  (await refreshAgainst(answering, change)).answer;

/** Each piece goes out once the one before it has left. */
const inPieces =
  (...pieces: (string | Buffer)[]) =>
  (socket: Socket): void => {
    const [piece = '', ...rest] = pieces;
    if (rest.length === 0) socket.end(piece);
    else socket.write(piece, () => setImmediate(() => inPieces(...rest)(socket)));
  };

const headersOf = (kibibytes: number): string =>
  Array.from({ length: kibibytes }, (_, index) => `x-h${index}: ${'v'.repeat(1010)}\r\n`).join('');

const compressed = (encoding: string, body: Buffer) =>
  inPieces(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]),
  );

const raw = deflateRawSync(BODY);
const wrongEnd = (bytes: Buffer, length: number): Buffer => bytes.fill(1, bytes.length - length);
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n';
const chunkOf = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

describe('a rotated token that reached the socket', () => {
  it.each<[string, (socket: Socket) => void]>([
    ...[17, 64, 200, 255, 300, 900].map((size): [string, (socket: Socket) => void] => [
      `${size} KiB of headers before it`,
      inPieces(`HTTP/1.1 200 OK\r\n${LENGTH}${headersOf(size)}\r\n`, BODY),
    ]),
    [
      'too many headers before chunks',
      inPieces(
        `${chunked}${headersOf(300)}\r\n`,
        chunkOf(BODY.slice(0, 60)),
        `${chunkOf(BODY.slice(60))}0\r\n\r\n`,
      ),
    ],
    [
      'too many headers before gzip',
      inPieces(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n${headersOf(300)}\r\n`, gzipSync(BODY)),
    ],
    ['gzip that nobody asked for', compressed('gzip', gzipSync(BODY))],
    ['gzip without its end', compressed('gzip', gzipSync(BODY).subarray(0, -9))],
    ['gzip that is not there', compressed('gzip', Buffer.from(BODY))],
    ['raw deflate', compressed('deflate', raw)],
    ['zlib deflate', compressed('deflate', deflateSync(BODY))],
    ['two encodings', compressed('gzip, br', brotliCompressSync(gzipSync(BODY)))],
    ['two encodings, one of which is none', compressed('identity, x-gzip', gzipSync(BODY))],
    ['gzip twice, named once', compressed('gzip', gzipSync(gzipSync(BODY)))],
    ['gzip named as Brotli', compressed('br', gzipSync(BODY))],
    ['zlib named as gzip', compressed('gzip', deflateSync(BODY))],
    ['raw deflate named as gzip', compressed('gzip', raw)],
    ['Brotli named as gzip', compressed('gzip', brotliCompressSync(BODY))],
    ['zlib that nobody named', compressed('identity', deflateSync(BODY))],
    ['raw deflate that nobody named', compressed('identity', raw)],
    ['Brotli that nobody named', compressed('identity', brotliCompressSync(BODY))],
    [
      'gzip with something behind it',
      compressed('gzip', Buffer.concat([gzipSync(BODY), Buffer.from('rest')])),
    ],
    ['gzip with a wrong checksum', compressed('gzip', wrongEnd(gzipSync(BODY), 8))],
    ['zlib with a wrong checksum', compressed('deflate', wrongEnd(deflateSync(BODY), 4))],
    ['deflate that is not there', compressed('deflate', Buffer.from(BODY))],
    ['brotli that is not there', compressed('br', Buffer.from(BODY))],
    [
      'chunks with trailers',
      inPieces(`${chunked}trailer: x-t\r\n\r\n`, `${chunkOf(BODY)}0\r\nx-t: 1\r\n\r\n`),
    ],
    [
      'a content length that is too short',
      inPieces(httpAnswer(200, { 'content-length': String(BODY.length - 9) }, BODY)),
    ],
    ['interim answers', inPieces('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n', httpAnswer(200, {}, BODY))],
    [
      'lines that end with a line feed alone',
      inPieces(`HTTP/1.1 200 OK\n${LENGTH.replace('\r', '')}\n${BODY}`),
    ],
    ['a connection that breaks in the body', inPieces(httpAnswer(200, { 'content-length': '999' }, BODY))],
    [
      'a body of 10 MB',
      inPieces(httpAnswer(200, {}, `${BODY.slice(0, -1)},"pad":"${'x'.repeat(10 * 1024 * 1024)}"}`)),
    ],
    ['a chunk of a broken length', inPieces(`${chunked}\r\n${chunkOf(BODY)}zz\r\n`)],
    ['two lengths that disagree', inPieces(httpAnswer(200, { 'transfer-encoding': 'chunked' }, BODY))],
    ['a header that is not one', inPieces(httpAnswer(200, { 'x y': '\u0001' }, BODY))],
    ['no HTTP at all', inPieces(BODY)],
    ['no length', inPieces(`HTTP/1.0 200 OK\r\n\r\n${BODY}`)],
  ])('survives %s', async (_, answer) => {
    expect(await refresh(answer)).toMatchObject({ kind: 'tokens', refreshToken: NEW });
  });

  it('survives chunks that never end', async () => {
    const pass = manualLimits();
    const answer = (socket: Socket) =>
      void socket.write(`${chunked}\r\n${chunkOf(BODY)}`, () => setImmediate(pass, 5_000));
    expect(await refresh(answer, { timeoutMs: 5_000 })).toMatchObject({ kind: 'tokens', refreshToken: NEW });
  });

  it('survives a pause of the process that outlasts the timeout', async () => {
    const pass = manualLimits();
    const answer = (socket: Socket): void => {
      socket.end(httpAnswer(200, {}, BODY));
      // Before the next turn, in which it is read.
      setImmediate(pass, 5_000);
    };
    expect(await refresh(answer, { timeoutMs: 5_000 })).toMatchObject({ kind: 'tokens', refreshToken: NEW });
  });

  it('survives such a pause while the rest behind a length that is too short is waited for', async () => {
    const pass = manualLimits();
    const short = httpAnswer(200, { 'content-length': String(BODY.length - 9) }, BODY);
    const answer = (socket: Socket): void => {
      socket.write(short.slice(0, -9));
      const limits = vi.getTimerCount();
      const sendRest = (): void => {
        if (vi.getTimerCount() === limits) return void setImmediate(sendRest);
        socket.write(short.slice(-9));
        pass(2_000);
      };
      sendRest();
    };
    expect(await refresh(answer)).toMatchObject({ kind: 'tokens', refreshToken: NEW });
  });

  it('is kept as evidence where it cannot be read', async () => {
    const broken = Buffer.from(raw);
    broken.fill(0xff, 0, 12);
    const half = `HTTP/1.0 200 OK\r\n\r\naccess_token=canary-access&refresh_token=${NEW.slice(0, 9)}`;
    for (const answer of [compressed('deflate', broken), inPieces(half)]) {
      const read = await refresh(answer);
      expect(read).toMatchObject({ kind: 'ambiguous', evidence: expect.any(Function) });
      expect(inspect(read, { depth: 9, showHidden: true })).not.toContain('canary');
    }
  });

  it('is not found in an answer that fails, whatever its headers', async () => {
    const fail = `HTTP/1.1 400 Bad\r\n${LENGTH}${headersOf(300)}\r\n`;
    expect((await refresh(inPieces(fail, BODY))).kind).toBe('ambiguous');
    const error = '{"error":"invalid_grant"}';
    const refused = `HTTP/1.1 400 Bad\r\ncontent-length: ${error.length}\r\n${headersOf(300)}\r\n`;
    expect(await refresh(inPieces(refused, error))).toMatchObject({ kind: 'refused', class: 'dead' });
  });
});

describe('while the answer is waited for', () => {
  /** The answer comes when whoever waits was notified so many times. */
  const answeredAfter = async (times: number, change: RefreshChange & { readonly everyMs: number }) => {
    const { everyMs, ...call } = change;
    let notified = 0;
    let answer = (): void => undefined;
    const notify = (): void => {
      notified++;
      if (notified === times) answer();
    };
    const slow = (socket: Socket): void => {
      answer = () => void socket.end(httpAnswer(200, {}, BODY));
    };
    return { read: await refresh(slow, { ...call, stillWaiting: { everyMs, notify } }), notified };
  };

  it('whoever waits is notified again and again, and the answer still comes', async () => {
    const { read, notified } = await answeredAfter(3, { everyMs: 5 });
    expect(read).toMatchObject({ kind: 'tokens', refreshToken: NEW });
    expect(notified).toBeGreaterThanOrEqual(3);
  });

  it('the time for sending is over once the request is on its way', async () => {
    const pass = manualLimits();
    const answer = (socket: Socket): void => {
      pass(100);
      socket.end(httpAnswer(200, {}, BODY));
    };
    expect(await refresh(answer, { sendWithinMs: 100 })).toMatchObject({ kind: 'tokens' });
  });
});
