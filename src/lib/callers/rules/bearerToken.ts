import type { CallerRefusal } from '../../credentials/callerRefusals.ts';
import { jsonObjectOf } from '../../kernel/json.ts';

/** Tokens of Entra ID with two hundred roles have less. */
const LONGEST_TOKEN = 8 * 1024;
const BEARER = /^Bearer +([\w-]+)\.([\w-]+)\.([\w-]+)$/i;

/** Members that name a key, or rules, of the sender's own choice. @see RFC 7515 §4.1 */
const SENDERS_OWN = ['crit', 'jku', 'jwk', 'x5u'];

export type BearerReading =
  | { readonly ok: true; readonly token: string; readonly kid: string }
  | { readonly ok: false; readonly reason: CallerRefusal };

const refuse = (reason: CallerRefusal): BearerReading => ({ ok: false, reason });

/**
 * The token of a header `Authorization`, as far as it can be judged before any key is looked for.
 * Two headers arrive as one, joined by a comma, which no token has.
 */
export const readBearer = (header: string): BearerReading => {
  if (header.length > LONGEST_TOKEN + 'Bearer '.length) return refuse('token_too_long');
  const [, head = '', payload, signature] = BEARER.exec(header) ?? [];
  if (payload === undefined) return refuse('token_malformed');
  const members = jsonObjectOf(Buffer.from(head, 'base64url').toString('utf8'));
  if (members === undefined) return refuse('token_malformed');
  if (members['alg'] !== 'RS256') return refuse('algorithm_refused');
  if (SENDERS_OWN.some((name) => Object.hasOwn(members, name))) return refuse('header_refused');
  const { kid } = members;
  if (typeof kid !== 'string' || kid === '') return refuse('key_unnamed');
  return { ok: true, token: `${head}.${payload}.${signature}`, kid };
};
