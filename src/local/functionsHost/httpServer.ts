import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HOME } from '../../lib/callers/rules/returnPath.ts';
import { requestBody } from '../requestBody.ts';
import { answerEventGrid, EVENT_GRID_PATH } from './eventGridWebhook.ts';
import type { RegisteredFunction } from './functionApp.ts';
import { type HttpAnswer, toHttpAnswer, toHttpData } from './httpMessages.ts';
import { describeError, type HostLog, type Invoker } from './invoker.ts';
import type { Route } from './routes.ts';
import { triggerOf } from './triggers.ts';

const MAX_BODY_BYTES = 10 * 1024 * 1024;
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  readonly eventGridFunctions: readonly RegisteredFunction[];
  readonly invoker: Invoker;
  readonly log: HostLog;
}

/** The HTTP side of the host; not yet listening. */
export const createHttpServer = (options: HttpServerOptions): Server =>
  createServer((request, response) => {
    answer(options, request).then(
      (reply) => write(response, reply),
      (error: unknown) => {
        options.log({ level: 'error', message: `an HTTP request failed: ${describeError(error)}` });
        write(response, { status: 500 });
      },
    );
  });

const answer = async (options: HttpServerOptions, request: IncomingMessage): Promise<HttpAnswer> => {
  const host = request.headers.host ?? '';
  // A page of another site that rebinds its name to 127.0.0.1 still sends its own name here.
  if (!LOOPBACK_NAMES.has(host.replace(/:\d+$/, '').toLowerCase()))
    return { status: 403, body: 'this host answers to 127.0.0.1 and localhost only\n' };
  const target = `http://${host}${request.url ?? '/'}`;
  if (!URL.canParse(target)) return { status: 400 };
  const url = new URL(target);
  const method = request.method ?? 'GET';
  const body = await requestBody(request, MAX_BODY_BYTES);
  if (body === undefined) return { status: 413, body: 'the body is larger than 10 MiB\n' };

  if (url.pathname.toLowerCase() === EVENT_GRID_PATH.toLowerCase()) {
    const functionName = url.searchParams.get('functionName');
    const event = { method, functionName, body: body.toString() };
    return answerEventGrid(event, options.eventGridFunctions, options.invoker);
  }
  for (const route of options.routes) {
    const params = route.methods.includes(method) ? route.match(url.pathname) : undefined;
    if (params === undefined) continue;
    const { outcome } = await options.invoker.invoke(route.fn, {
      inputData: [{ name: triggerOf(route.fn).name, data: { http: toHttpData(request, url, body, params) } }],
    });
    return outcome.ok ? toHttpAnswer(outcome.returnValue) : { status: 500 };
  }
  const paths = options.routes.map(({ template }) => template);
  if (url.pathname === '/' && paths.includes(HOME)) return { status: 303, headers: { location: HOME } };
  const asText = { 'content-type': 'text/plain; charset=utf-8' };
  const words = `Nothing answers ${method} here; the functions answer at\n${paths.join('\n')}\n`;
  return { status: 404, headers: asText, body: words };
};

const write = (response: ServerResponse, { status, headers = {}, body }: HttpAnswer): void => {
  if (response.headersSent) return void response.destroy();
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status);
  response.end(body);
};
