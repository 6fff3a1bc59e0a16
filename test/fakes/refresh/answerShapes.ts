import type { RawTokenResponse } from '../../../src/lib/oauth/tokenEndpoint/tokenResponse.ts';

/** What a token endpoint has to say: a new refresh token, or none because the old one stays. */
export interface SpokenTokens {
  readonly refreshToken: string | undefined;
}

const raw = (body: string, changed: Partial<RawTokenResponse> = {}): RawTokenResponse => ({
  httpStatus: 200,
  contentType: 'application/json',
  date: undefined,
  retryAfter: undefined,
  body: new TextEncoder().encode(body),
  cutOff: undefined,
  ...changed,
});

const BESIDE = { access_token: 'an-access-token', token_type: 'Bearer', expires_in: 3600 };
const json = (refreshToken: unknown): string => JSON.stringify({ ...BESIDE, refresh_token: refreshToken });
/** Cut off so many characters before its end. */
const cut = (text: string, characters: number): RawTokenResponse =>
  raw(text.slice(0, -characters), { cutOff: 'the connection broke inside the body' });

/** The success that RFC 6749 asks for. */
export const plainTokens = ({ refreshToken }: SpokenTokens): RawTokenResponse => raw(json(refreshToken));

/** The refusal that RFC 6749 asks for. */
export const plainRefusal = (): RawTokenResponse =>
  raw('{"error":"invalid_grant","error_description":"expired"}', { httpStatus: 400 });

type Shape = (token: string) => RawTokenResponse;

/** Shapes of a success from which its refresh token can be had. */
export const READABLE: Readonly<Record<string, Shape>> = {
  'a form': (token) =>
    raw(new URLSearchParams({ access_token: 'an-access-token', refresh_token: token }).toString(), {
      contentType: 'application/x-www-form-urlencoded',
    }),
  'JSON called HTML, with 201': (token) => raw(json(token), { httpStatus: 201, contentType: 'text/html' }),
  'JSON behind a byte order mark': (token) => raw(`\uFEFF${json(token)}`),
  'JSON within an envelope': (token) => raw(JSON.stringify({ ok: true, data: JSON.parse(json(token)) })),
  'JSON with its lifetimes as words': (token) =>
    raw(JSON.stringify({ ...BESIDE, expires_in: 'soon', refresh_expires_in: [], refresh_token: token })),
  'JSON cut off behind the token': (token) => cut(JSON.stringify({ refresh_token: token, ...BESIDE }), 12),
  'JSON without its last brace': (token) => raw(json(token).slice(0, -1)),
};

/** Shapes of a success from which it cannot: what the server issued is in them, or was in them. */
export const UNREADABLE: Readonly<Record<string, Shape>> = {
  'an object for a token': (token) => raw(json({ value: token })),
  'a list for a token': (token) => raw(json([token])),
  'a number for a token': () => raw(json(20_261_129)),
  'a mask for a token': () => raw(json('***')),
  'a token with line breaks': (token) => raw(json(`${token.slice(0, 9)}\n${token.slice(9)}`)),
  'JSON cut off inside the token': (token) => cut(json(token), 9),
  'JSON cut off before the token': (token) => cut(json(token), token.length + 18),
  'a form that the end of the connection cuts': (token) =>
    raw(`access_token=an-access-token&refresh_token=${token.slice(0, -5)}`, {
      contentType: 'application/x-www-form-urlencoded',
      isEndedByClose: true,
    }),
  'no body': () => raw(''),
  'a page': () => raw('<html>Welcome back</html>', { contentType: 'text/html' }),
  'a server error around the tokens': (token) => raw(json(token), { httpStatus: 500 }),
  'an error beside the tokens': (token) =>
    raw(JSON.stringify({ ...JSON.parse(json(token)), error: 'partial_failure' })),
};

/** Shapes of a success that keeps the old token, and may say so with a word for nothing. */
export const KEEPING: Readonly<Record<string, Shape>> = {
  'null for a token': () => raw(json(null)),
  'the word null for a token': () => raw(json('null')),
  'the token that was sent': (token) => raw(json(token)),
  'an object around the token that was sent': (token) => raw(json({ value: token })),
};

/** Refusals that say the token which was sent in every member, and must not get it believed. */
export const ECHOES: Readonly<Record<string, Shape>> = {
  'a refusal with the token in its description': (token) =>
    raw(JSON.stringify({ error: 'invalid_grant', error_description: `refresh token ${token} is invalid` }), {
      httpStatus: 400,
    }),
  'a refusal around a pair of tokens': (token) =>
    raw(JSON.stringify({ ...JSON.parse(json(`${token}-2`)), error: 'invalid_grant' }), { httpStatus: 400 }),
  'a refusal with the request in it': (token) =>
    raw(JSON.stringify({ error: 'invalid_grant', request: { refresh_token: token } }), { httpStatus: 401 }),
};

/** What a proxy says when the connection to the server breaks after the request went up it. */
const PROXY_STATUS = [408, 502, 503, 504] as const;

export const proxyFailure = (pick: number): RawTokenResponse =>
  raw('<html>upstream connect error</html>', {
    httpStatus: PROXY_STATUS[pick % PROXY_STATUS.length] ?? 503,
    contentType: 'text/html',
    retryAfter: '60',
  });
