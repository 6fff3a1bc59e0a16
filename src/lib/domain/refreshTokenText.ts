/** More than Key Vault stores, so more than any grant can live from. */
export const LONGEST_TOKEN_CHARACTERS = 25_600;

/** A member that calls itself a refresh token: what it holds. */
export type RefreshTokenText =
  | { readonly kind: 'token'; readonly refreshToken: string }
  /** There is none: null, or the word for nothing of some language. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly why: string };

const NOTHING = new Set(['null', '(null)', 'undefined', 'none', 'nil', '<nil>']);
/** VSCHAR without the blank: no provider's token has one, and every sentence does. */
const LEGAL = /^[\x21-\x7e]+$/;
const MASK_WORDS = /^[[<({*]*(?:redacted|filtered|masked|hidden|removed|omitted|scrubbed)[\]>)}*]*$/i;
const ONLY_MASK = /^(?:\*{3,}|\.{3,}|-{3,}|_{3,}|#{3,}|[xX]{3,})$/;
const MASK_RUN = /\*{3,}|\.{3,}|[xX]{4,}|#{3,}|-{4,}/;
/** Four at the end by chance: once in ten million tokens of the one provider whose alphabet has it. */
const MASKED_END = /\*{4,}$/;

/** `RT-0123****` of `RT-0123456789`: what was sent, with its middle or its end blotted out. */
const isMaskedEcho = (text: string, sent: string): boolean => {
  const run = MASK_RUN.exec(text);
  if (run === null) return false;
  const [head, tail] = [text.slice(0, run.index), text.slice(run.index + run[0].length)];
  return sent.startsWith(head) && sent.endsWith(tail);
};

/**
 * Whether the value of a member called `refresh_token` is one: a text of legal characters, of a length that
 * can be stored, that is no mask and no word for "nothing".
 *
 * @param value absent: it is no text (an object, a list, a number, a text without its end)
 * @param sent the token that was sent, by which a masked echo of it is known
 * @see RFC 6749 appendix A.17
 */
export const readRefreshTokenText = (value: string | null | undefined, sent: string): RefreshTokenText => {
  const unreadable = (why: string): RefreshTokenText => ({ kind: 'unreadable', why });
  if (value === null) return { kind: 'absent' };
  if (value === undefined) return unreadable('is no text');
  if (value === '') return unreadable('is empty');
  if (NOTHING.has(value.trim().toLowerCase())) return { kind: 'absent' };
  if (value.length > LONGEST_TOKEN_CHARACTERS) return unreadable('is longer than Key Vault can store');
  if (!LEGAL.test(value)) return unreadable('has characters that no token has');
  if (MASK_WORDS.test(value) || ONLY_MASK.test(value) || MASKED_END.test(value) || isMaskedEcho(value, sent))
    return unreadable('is masked');
  return { kind: 'token', refreshToken: value };
};
