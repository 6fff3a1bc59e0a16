import { jsonObjectOf } from '../../kernel/json.ts';

/** A token longer than this is not taken apart: what a server sends must not cost time or memory. */
export const LONGEST_READ_TOKEN = 65_536;

export type Claims = Readonly<Record<string, unknown>>;

/**
 * What can be read of an access token. Nothing is verified: the resource does that, and the claims are only compared
 * with what is expected.
 *
 * - `opaque`: no JWT, which is as good as one. @see RFC 6749 §1.4
 * - `unsafe`: a JWT that nobody should accept; its claims are not believed.
 */
export type JwtReading =
  | { readonly kind: 'jwt'; readonly claims: Claims }
  | { readonly kind: 'opaque' }
  | { readonly kind: 'unsafe'; readonly problem: string };

const unsafe = (problem: string): JwtReading => ({ kind: 'unsafe', problem });

/** Reads the claims of a token that is a signed JWT. @see RFC 7519 §7.2 */
export const readJwt = (token: string): JwtReading => {
  if (token.length > LONGEST_READ_TOKEN)
    return unsafe(`it has ${token.length} characters, more than the ${LONGEST_READ_TOKEN} that are read`);
  const [headerPart = '', claimsPart = '', ...rest] = token.split('.');
  const header = objectOf(headerPart);
  const alg = header?.value['alg'];
  // Five parts are a JWE, which only the resource can read.
  if (rest.length !== 1 || header === undefined || typeof alg !== 'string') return { kind: 'opaque' };
  if (alg.toLowerCase() === 'none' || rest[0] === '')
    return unsafe('it is not signed (alg "none"): anybody can write one');
  const claims = objectOf(claimsPart);
  if (claims === undefined) return unsafe('its claims are no JSON object');
  // Two readers may believe two different ones. @see RFC 7519 §4
  if (hasRepeatedMember(header.text) || hasRepeatedMember(claims.text))
    return unsafe('it names a claim twice: two readers may believe different ones');
  return { kind: 'jwt', claims: claims.value };
};

/** The JSON object of one part; absent where there is none. */
const objectOf = (part: string): { readonly text: string; readonly value: Claims } | undefined => {
  if (!/^[\w-]+$/.test(part)) return undefined;
  const text = Buffer.from(part, 'base64url').toString('utf8');
  const value = jsonObjectOf(text);
  return value && { text, value };
};

const JSON_TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** Whether an object of this JSON text has a member twice; only the outermost object is looked at. */
const hasRepeatedMember = (json: string): boolean => {
  const seen = new Set<string>();
  let depth = 0;
  let last = '';
  for (const [token] of json.matchAll(JSON_TOKENS)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (token === ':' && depth === 1) {
      // An escape makes the same name of other characters.
      const name: string = JSON.parse(last);
      if (seen.has(name)) return true;
      seen.add(name);
    }
    last = token;
  }
  return false;
};
