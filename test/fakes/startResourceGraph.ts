import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ResourceGraphRequest {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly subscriptions: readonly string[];
    readonly query: string;
    readonly options: { readonly resultFormat: string; readonly $top: number; readonly $skipToken?: string };
  };
}

export interface ResourceGraphAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer that holds these rows, and says where it goes on. */
export const rowsAnswer = (
  vaultUris: readonly (string | null)[],
  skipToken?: string,
  subscriptionId = '11111111-1111-4111-8111-111111111111',
): ResourceGraphAnswer => ({
  body: {
    totalRecords: vaultUris.length,
    count: vaultUris.length,
    data: vaultUris.map((vaultUri, index) => ({
      id: `/subscriptions/${subscriptionId}/vaults/${index}`,
      subscriptionId,
      vaultUri,
    })),
    facets: [],
    resultTruncated: skipToken === undefined ? 'false' : 'true',
    ...(skipToken === undefined ? {} : { $skipToken: skipToken }),
  },
});

/** Azure Resource Manager as far as Resource Graph goes: gives the answers in order, notes the requests. */
export const startResourceGraph = async (answers: readonly ResourceGraphAnswer[]) => {
  const requests: ResourceGraphRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { url = '', headers } = request;
    requests.push({
      url,
      authorization: headers.authorization,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json', ...answer?.headers });
    response.end(typeof answer?.body === 'string' ? answer.body : JSON.stringify(answer?.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
};
