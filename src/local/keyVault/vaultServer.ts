import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { requestBody } from '../requestBody.ts';
import { CHALLENGE, type TokenIssuer } from './challenge.ts';
import { errorEnvelope, WireError } from './errors.ts';
import type { FaultAction, FaultTable } from './faults.ts';
import type { Identity } from './identities.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** One request as it went over the wire: for tests, without a body and without a token. */
export interface WireEntry {
  readonly method: string;
  readonly path: string;
  readonly search: string;
  /** 0 when the connection was broken or left hanging instead of an answer. */
  readonly status: number;
  /** Name of the identity; absent for the bare request that SDK clients start with. */
  readonly identity: string | undefined;
}

export interface ParsedRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly identity: Identity;
}

export interface VaultServerOptions {
  readonly tokens: TokenIssuer;
  readonly faults: FaultTable;
  readonly nowEpochMs: () => number;
  /** Added to every authenticated request. */
  readonly latencyMs: number;
  readonly record: (entry: WireEntry) => void;
  readonly handle: (
    request: ParsedRequest,
  ) => { status: number; body?: unknown } | Promise<{ status: number; body?: unknown }>;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The HTTP side of one vault: challenge, faults, envelope, wire log. Not yet listening. */
export const createVaultServer = (options: VaultServerOptions): Server => {
  const server = createServer((request, response) => {
    serve(options, request, response).catch((): void => {
      if (response.headersSent || request.destroyed) return void response.destroy();
      write(response, options, refusal(new WireError(500, 'InternalError', 'the stand-in failed')));
    });
  });
  // A pooled connection must not be closed under a client that is about to use it again.
  server.keepAliveTimeout = 120_000;
  return server;
};

const serve = async (options: VaultServerOptions, request: IncomingMessage, response: ServerResponse) => {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://vault');
  const entry = { method, path: url.pathname, search: url.search };
  const body = await requestBody(request, MAX_BODY_BYTES);
  const identity = identify(options.tokens, request.headers.authorization);
  const log = (status: number) =>
    options.record({ ...entry, status, identity: identity instanceof WireError ? undefined : identity.name });

  if (identity instanceof WireError) {
    log(identity.status);
    return write(response, options, { ...refusal(identity), headers: { 'WWW-Authenticate': CHALLENGE } });
  }
  if (options.latencyMs > 0) await delay(options.latencyMs);

  const fault = options.faults.take(entry);
  if (fault?.kind === 'hang') return log(0);
  if (fault?.kind === 'drop_before_commit') {
    log(0);
    return request.socket.destroy();
  }
  const reply =
    fault?.kind === 'answer' ? faultyReply(fault) : await replyTo(options, { method, url, body, identity });
  if (fault?.kind === 'drop_after_commit') {
    log(0);
    return request.socket.destroy();
  }
  log(reply.status);
  write(response, options, reply, fault?.kind === 'truncate');
};

const identify = (tokens: TokenIssuer, authorization: string | undefined): Identity | WireError => {
  try {
    return tokens.verify(authorization);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
};

const replyTo = async (
  { handle }: VaultServerOptions,
  { method, url, body, identity }: Omit<ParsedRequest, 'body'> & { body: Buffer | undefined },
): Promise<Reply> => {
  try {
    if (body === undefined) throw new WireError(413, 'RequestTooLarge', 'the body is larger than 1 MiB');
    const answer = await handle({ method, url, identity, body: parseBody(body) });
    const { status, body: result } = answer;
    if (result === undefined) return { status, text: '' };
    return { status, text: typeof result === 'string' ? result : JSON.stringify(result) };
  } catch (error) {
    if (error instanceof WireError) return refusal(error);
    throw error;
  }
};

const parseBody = (body: Buffer): unknown => {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new WireError(400, 'BadParameter', 'the body is not JSON');
  }
};

const refusal = ({ status, code, message, innerCode }: WireError): Reply => ({
  status,
  text: JSON.stringify(errorEnvelope(code, message, innerCode)),
});

const faultyReply = (fault: Extract<FaultAction, { kind: 'answer' }>): Reply => ({
  status: fault.status,
  ...(fault.headers === undefined ? {} : { headers: fault.headers }),
  text:
    fault.body ??
    JSON.stringify(errorEnvelope(fault.code ?? 'InjectedFault', 'a fault on demand', fault.innerCode)),
});

const write = (
  response: ServerResponse,
  { nowEpochMs }: VaultServerOptions,
  { status, headers = {}, text }: Reply,
  truncated = false,
): void => {
  const bytes = Buffer.from(text);
  response.sendDate = false;
  response.writeHead(status, {
    Date: new Date(nowEpochMs()).toUTCString(),
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': bytes.length,
    'x-ms-request-id': randomUUID(),
    ...headers,
  });
  if (!truncated) return void response.end(bytes);
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
};
