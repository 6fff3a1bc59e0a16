import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface LogsApiRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: { readonly query: string; readonly timespan: string };
}

export interface LogsApiAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes out as it is; absent: the connection is cut. */
  readonly body?: unknown;
  /** Never answers. */
  readonly hangs?: true;
}

/** A result as the API gives it. */
export const table = (columns: Readonly<Record<string, string>>, ...rows: readonly unknown[][]) => ({
  tables: [
    {
      name: 'PrimaryResult',
      columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
      rows,
    },
  ],
});

/** An error as the API gives it: each code and message nested in the one before. */
export const refusal = (...[first, ...nested]: readonly (readonly [string, string])[]): object => ({
  error: nestedError(first ?? ['', ''], nested),
});

const nestedError = (
  [code, message]: readonly [string, string],
  [next, ...rest]: readonly (readonly [string, string])[],
): object => ({ code, message, ...(next === undefined ? {} : { innererror: nestedError(next, rest) }) });

/** The Logs query API on this machine: `answer` decides by the request, requests are noted. */
export const startLogsApi = async (answer: (request: LogsApiRequest, index: number) => LogsApiAnswer) => {
  const requests: LogsApiRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const noted = { method, url, authorization: headers.authorization, body };
    requests.push(noted);
    const given = answer(noted, requests.length - 1);
    if (given.hangs) return;
    if (given.body === undefined) return void request.socket.destroy();
    response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers });
    response.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
};
