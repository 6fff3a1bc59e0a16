import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen, stop } from '../../src/local/listen.ts';

export interface JsonApiRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: { readonly query: string; readonly options?: { readonly $skipToken?: string } };
}

export interface JsonApiAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes out as it is; absent: the connection is cut. */
  readonly body?: unknown;
  /** Called instead of an answer, which never comes. */
  readonly hangs?: () => void;
}

/** An API of Azure on this machine: gives the answers in order, the last one for ever, and notes the requests. */
export const startJsonApi = async (answers: readonly JsonApiAnswer[]) => {
  const requests: JsonApiRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null');
    const { authorization } = headers;
    const given = answers[Math.min(requests.length, answers.length - 1)] ?? {};
    requests.push({ method, url, authorization, body });
    if (given.hangs !== undefined) return given.hangs();
    if (given.body === undefined) return void request.socket.destroy();
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers });
    response.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body));
  });
  const endpoint = await listen(server, 0);
  onTestFinished(() => stop(server));
  return { endpoint, requests, stop: () => stop(server) };
};
