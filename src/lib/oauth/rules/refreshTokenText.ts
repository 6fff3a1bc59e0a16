import { plainWord } from './refusalWords.ts';

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
/** What templates and samples leave, and words that say "no token here". */
const PLACEHOLDER_WORDS = new Set([
  'true',
  'false',
  'nan',
  'n/a',
  'empty',
  'same',
  'void',
  'refreshtoken',
  'newrefreshtoken',
  'string',
  'bearer',
  'unchanged',
  'notrotated',
  'notavailable',
  'notapplicable',
  'unavailable',
  'unknown',
  'invalid',
  'placeholder',
]);
/** Who issues tokens of 16 characters never issues one of two: `0`, `-`, `no`. */
const SHORTEST_TOKEN_CHARACTERS = 3;
const LONG_TOKEN_CHARACTERS = 16;
/** A name in the brackets of a template language, or an object or a list in a text. */
const IN_BRACKETS = /^(?:[$#]?\{.*\}|\[.*\]|<.*>|%\w+%)$/;
const ONLY_MASK = /^(?:\*{3,}|\.{3,}|-{3,}|_{3,}|#{3,}|[xX]{3,})$/;
const MASK_RUN = /\*{3,}|\.{3,}|[xX]{4,}|#{3,}|-{4,}/;
/** Four at the end by chance: once in ten million tokens of the one provider whose alphabet has it. */
const MASKED_END = /\*{4,}$/;
/** Shorter ones come from alphabets without these. */
const LONGEST_WITH_MASK = 64;
const MASK_INSIDE = /\*{3,}|#{3,}|\.{4,}/;

/** `RT-0123****` of `RT-0123456789`: what was sent, with its middle or its end blotted out. */
const isMaskedEcho = (text: string, sent: string): boolean => {
  const run = MASK_RUN.exec(text);
  if (run === null) return false;
  const [head, tail] = [text.slice(0, run.index), text.slice(run.index + run[0].length)];
  return sent.startsWith(head) && sent.endsWith(tail);
};

const isMasked = (text: string): boolean =>
  MASK_WORDS.test(text) ||
  ONLY_MASK.test(text) ||
  MASKED_END.test(text) ||
  (text.length <= LONGEST_WITH_MASK && MASK_INSIDE.test(text));

const isPlaceholder = (text: string): boolean =>
  PLACEHOLDER_WORDS.has(plainWord(text)) || IN_BRACKETS.test(text);

const isNothing = (text: string): boolean => NOTHING.has(text.trim().toLowerCase());

/** What some write where a token belongs when they have none. @see https://github.com/casdoor/casdoor/issues/611 */
const isSentence = (text: string): boolean => /\S\s+\S+\s+\S/.test(text);

/** Whether an access token can be meant: one that is none says nothing of the refresh token either. */
export const isAccessTokenText = (text: string): boolean =>
  !['', '0'].includes(text.trim()) &&
  !isNothing(text) &&
  !isMasked(text) &&
  !isPlaceholder(text) &&
  !isSentence(text);

/** Of the characters that tokens are made of, and no longer than can be stored. */
export const isTokenText = (text: string): boolean =>
  text.length <= LONGEST_TOKEN_CHARACTERS && LEGAL.test(text);

/**
 * Whether the value of a member called `refresh_token` is one: a text of legal characters, of a length that
 * can be stored, that is no mask, no placeholder and no word for "nothing", and not much shorter than the one
 * that was sent.
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
  if (isNothing(value)) return { kind: 'absent' };
  if (value.length > LONGEST_TOKEN_CHARACTERS) return unreadable('is longer than Key Vault can store');
  if (!LEGAL.test(value)) return unreadable('has characters that no token has');
  // What was sent is one, whatever it looks like.
  if (value === sent) return { kind: 'token', refreshToken: value };
  if (isMasked(value) || isMaskedEcho(value, sent)) return unreadable('is masked');
  if (isPlaceholder(value)) return unreadable('is a placeholder');
  if (value.length < SHORTEST_TOKEN_CHARACTERS && sent.length >= LONG_TOKEN_CHARACTERS)
    return unreadable('is too short');
  return { kind: 'token', refreshToken: value };
};
