import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { ProviderSettings } from '../../lib/oauth/presets/providerSettings.ts';
import { listen, stop } from '../listen.ts';

/** What happens to the next requests of the token endpoint instead of an ordinary answer. */
export type TokenEndpointFault =
  /** The request never arrives: the connection breaks, nothing is done. */
  | { readonly kind: 'lose_request' }
  /** Done, but the answer never arrives. */
  | { readonly kind: 'lose_answer' }
  /** Done, and answered when that resolves. */
  | { readonly kind: 'delay'; readonly until: Promise<unknown> }
  /** Done, and a proxy in between answers with an error of its own. */
  | { readonly kind: 'proxy_error'; readonly status: number }
  /** Done, and the access token is one that its client has to prove a key with, as after a change of its settings. */
  | { readonly kind: 'bind_token' }
  /** Done, and answered in pieces, one byte at a time. */
  | { readonly kind: 'dribble'; readonly msBetweenBytes: number };

/** The HTTP side that all of them share. */
export interface LoopbackServer {
  readonly origin: string;
  /** Requests to the token endpoint so far, those that a fault swallowed too. */
  tokenRequests(): number;
  /** Applies to the next request of the token endpoint that no fault waits for yet. */
  inject(fault: TokenEndpointFault): void;
  /** Takes back the faults that have hit nothing yet. */
  heal(): void;
  close(): Promise<void>;
}

export interface LocalAuthorizationServer extends LoopbackServer {
  readonly name: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The entry for `providers` of the config that describes this server. */
  readonly provider: ProviderSettings;
  /** What a person is asked for there. */
  readonly scopes: readonly string[];
  /** Consents to a new grant, without a browser, and gives its first refresh token. */
  mint(accountId: string): Promise<string>;
  /** Whether a refresh with this token would succeed now. Asks the server's own state; spends nothing. */
  isUsable(refreshToken: string): Promise<boolean>;
  /** Takes back every consent that was given to the client, as an administrator of the provider may. */
  endConsents(): void;
  /** Ids of the grants that were revoked because a used token came back, oldest first. */
  readonly revokedGrants: readonly string[];
}

export interface LocalServerOptions {
  /** Names the server, its client and its file. */
  readonly name: string;
  /** Every token dies so long after it was issued, used or not. */
  readonly lifetimeDays: number;
  /** May be moved while it runs. */
  readonly nowEpochMs: () => number;
  /** Where its state is kept between two runs; absent: in memory only. */
  readonly folder?: string | undefined;
}

/** Its id in `providers` of the config. */
export const providerId = ({ name }: Pick<LocalAuthorizationServer, 'name'>): string => `contoso-${name}`;

/** Where a person is asked. */
const FOR_PEOPLE = /^\/(auth|interaction)\b/;

/** RFC 9110 §5.6.7 */
const httpDate = (epochMs: number): string => new Date(epochMs).toUTCString();

const loseAnswer = (request: IncomingMessage, response: ServerResponse): void => {
  response.end = ((): ServerResponse => {
    request.socket.destroy();
    return response;
  }) as ServerResponse['end'];
};

const delayAnswer = (response: ServerResponse, until: Promise<unknown>): void => {
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  response.end = ((...given: unknown[]): ServerResponse => {
    void until.then(() => end(...given));
    return response;
  }) as ServerResponse['end'];
};

const answerAsProxy = (response: ServerResponse, status: number): void => {
  const writeHead = response.writeHead.bind(response);
  const end = response.end.bind(response) as (text: string) => ServerResponse;
  const text = `<html><body><h1>${status}</h1>upstream connect error</body></html>`;
  response.writeHead = (() => response) as ServerResponse['writeHead'];
  response.end = ((): ServerResponse => {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    writeHead(status, { 'content-type': 'text/html', 'content-length': text.length });
    return end(text);
  }) as ServerResponse['end'];
};

const bindToken = (response: ServerResponse): void => {
  const end = response.end.bind(response) as (text: string) => ServerResponse;
  response.end = ((text: string | Uint8Array): ServerResponse => {
    const bound = JSON.stringify({ ...JSON.parse(String(text)), token_type: 'DPoP' });
    response.setHeader('content-length', Buffer.byteLength(bound));
    return end(bound);
  }) as ServerResponse['end'];
};

const dribbleAnswer = (response: ServerResponse, msBetweenBytes: number): void => {
  const write = response.write.bind(response) as (byte: Uint8Array) => boolean;
  const end = response.end.bind(response) as () => ServerResponse;
  response.end = ((body: string | Uint8Array = ''): ServerResponse => {
    const bytes = Buffer.from(body);
    const next = (at: number): void => {
      if (at >= bytes.length) return void end();
      write(bytes.subarray(at, at + 1));
      setTimeout(() => next(at + 1), msBetweenBytes);
    };
    next(0);
    return response;
  }) as ServerResponse['end'];
};

/** Listens on loopback, tells the time of the moved clock, and breaks what it is told to break. */
export const listenOnLoopback = async ({
  handlerOf,
  tokenPath,
  nowEpochMs,
}: {
  readonly handlerOf: (origin: string) => RequestListener;
  readonly tokenPath: string;
  readonly nowEpochMs: () => number;
}): Promise<LoopbackServer> => {
  const faults: TokenEndpointFault[] = [];
  let tokenRequests = 0;
  let handle: RequestListener | undefined;
  const server: Server = createServer((request, response) => {
    // The date by which a client reckons deadlines; Node's own is the machine's, which a browser has to see: it reckons
    // by it when the cookies of oidc-provider end.
    if (!FOR_PEOPLE.test(request.url ?? '')) response.setHeader('date', httpDate(nowEpochMs()));
    if (request.url?.split('?')[0] === tokenPath) {
      tokenRequests += 1;
      const fault = faults.shift();
      if (fault?.kind === 'lose_request') return void request.socket.destroy();
      if (fault?.kind === 'lose_answer') loseAnswer(request, response);
      if (fault?.kind === 'delay') delayAnswer(response, fault.until);
      if (fault?.kind === 'proxy_error') answerAsProxy(response, fault.status);
      if (fault?.kind === 'bind_token') bindToken(response);
      if (fault?.kind === 'dribble') dribbleAnswer(response, fault.msBetweenBytes);
    }
    handle?.(request, response);
  });
  const origin = await listen(server, 0);
  handle = handlerOf(origin);
  return {
    origin,
    tokenRequests: () => tokenRequests,
    inject: (fault) => void faults.push(fault),
    heal: () => void faults.splice(0),
    close: () => stop(server),
  };
};
