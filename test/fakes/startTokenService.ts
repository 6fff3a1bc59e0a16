import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { stop as close, listen } from '../../src/local/listen.ts';

const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 16);

/** How the two behave: Keywatch is there or not, and the partner refuses the first tokens of so many. */
interface Play {
  readonly isThere?: boolean;
  readonly refusedTokens?: number;
}

/**
 * The token endpoint of Keywatch for the grant `crm-bookings`, and beside it a partner at `/partner`. As Keywatch does,
 * it hands out the same token until that very one is reported as refused.
 */
export const startTokenService = async () => {
  const seen: string[] = [];
  let current = 1;
  let play: Required<Play> = { isThere: true, refusedTokens: 0 };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { authorization = '' } = request.headers;
    if (request.url === '/partner') {
      const sent = Number(/^Bearer token-(\d)$/.exec(authorization)?.[1] ?? 0);
      seen.push(`partner: token ${sent}`);
      response.writeHead(sent > play.refusedTokens ? 200 : 401).end();
      return;
    }
    seen.push(`${request.method} ${request.url} by ${authorization}: ${JSON.stringify(JSON.parse(text))}`);
    if (!play.isThere) return void response.writeHead(503, { 'retry-after': '7' }).end('{}');
    const { refused } = JSON.parse(text);
    if (refused === digestOf(`token-${current}`)) current += 1;
    const answer = { access_token: `token-${current}`, token_type: 'Bearer', expires_in: 600 };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const address = await listen(server, 0);
  return {
    address,
    /** Every call so far, in order. */
    seen,
    stop: () => close(server),
    /** Begins anew. */
    plays: (next: Play) => {
      seen.length = 0;
      current = 1;
      play = { isThere: true, refusedTokens: 0, ...next };
    },
  };
};

const ask = (by: string, refused?: string): string =>
  `POST /api/grants/crm-bookings/token by Bearer ${by}: ` +
  JSON.stringify({ minimumSeconds: 120, ...(refused === undefined ? {} : { refused: digestOf(refused) }) });

/** What is to be seen of a sample that makes two calls of the partner, which refuses the first token. */
export const oneRefusedToken = (by: string): readonly string[] => [
  ask(by),
  'partner: token 1',
  ask(by, 'token-1'),
  'partner: token 2',
  // The second call: the new token is kept.
  'partner: token 2',
];

/** What is to be seen of a call where the partner refuses whatever it is sent. */
export const refusedForGood = (by: string): readonly string[] => [
  ask(by),
  'partner: token 1',
  ask(by, 'token-1'),
  'partner: token 2',
];
