import { counted } from '../../kernel/humanTime.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { jsonOf } from '../../kernel/json.ts';
import { printable } from '../../kernel/printable.ts';

/** Bytes of a body. */
export const LONGEST_BODY = 4096;
const MOST_MINIMUM_SECONDS = 3600;

const ALLOWED = {
  minimumSeconds: `a whole number from 0 to ${MOST_MINIMUM_SECONDS}`,
  refused: 'the first 16 hex digits of the SHA-256 of the token that was answered 401, in lower case',
} as const;

export interface TokenWish {
  readonly minimumSeconds?: number | undefined;
  readonly refused?: string | undefined;
}

export type TokenRequestReading = { readonly ok: true; readonly wish: TokenWish } | RequestFault;

export interface RequestFault {
  readonly ok: false;
  readonly status: 400 | 413 | 415;
  /** What was wrong, what was given and what is allowed. */
  readonly message: string;
}

const fault = (message: string, status: RequestFault['status'] = 400): RequestFault => ({
  ok: false,
  status,
  message,
});

export const TOO_LONG = fault(`the body is too long; allowed: ${LONGEST_BODY} bytes`, 413);

/** A given value for whoever gave it: of a text its length alone, because somebody will send a token here. */
const shown = (value: unknown): string =>
  typeof value === 'string'
    ? `a text of ${counted(value.length, 'character')}`
    : printable(JSON.stringify(value) ?? '', 60);

/** What a consumer asks for. An absent body asks for what most want. */
export const readTokenRequest = (body: string, contentType: string | null): TokenRequestReading => {
  if (Buffer.byteLength(body) > LONGEST_BODY) return TOO_LONG;
  if (body.trim() === '') return { ok: true, wish: {} };
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    const given = contentType === null ? 'none' : `"${printable(contentType, 60)}"`;
    return fault(`Content-Type: given ${given}; allowed: application/json`, 415);
  }
  const given = jsonOf(body);
  if (!isRecord(given)) return fault('the body is no JSON object; allowed: one, or no body');
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(ALLOWED, name));
  if (unknown !== undefined)
    return fault(`${printable(unknown, 40)}: not known; allowed: ${Object.keys(ALLOWED).join(', ')}`);
  const { minimumSeconds, refused } = given;
  if (minimumSeconds !== undefined && !isWholeUpTo(MOST_MINIMUM_SECONDS, minimumSeconds))
    return fault(`minimumSeconds: given ${shown(minimumSeconds)}; allowed: ${ALLOWED.minimumSeconds}`);
  if (refused !== undefined && (typeof refused !== 'string' || !/^[0-9a-f]{16}$/.test(refused)))
    return fault(`refused: given ${shown(refused)}; allowed: ${ALLOWED.refused}`);
  return { ok: true, wish: { minimumSeconds, refused } };
};

const isWholeUpTo = (most: number, value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
