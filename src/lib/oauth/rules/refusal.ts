import type { ProviderProfile } from './providerProfile.ts';
import {
  classOfCode,
  codeInside,
  isVagueCode,
  plainWord,
  type Refusal,
  type RefusalClass,
  saysComeBack,
  saysNotNow,
  saysTokenIsDead,
} from './refusalWords.ts';

/** What an answer says about its failure, in its own words. */
export interface ErrorWords {
  /** What the answer itself calls an error, the most telling first. */
  readonly errors: readonly string[];
  /** Descriptions, reasons, sub-errors. */
  readonly remarks: readonly string[];
}

export interface RefusalReading {
  readonly means: Refusal;
  /** The code or the profile's word that decided; absent: only the HTTP status did. May be a secret: see `printableCode`. */
  readonly code: string | undefined;
  /** False when the HTTP status decided, a word that nobody knows, or a request to come back. */
  readonly isKnown: boolean;
}

/** A word of the profile for each class; whoever has to wait loses the least, so those come first. */
const profileWords = (profile: ProviderProfile): readonly (readonly [RefusalClass, readonly string[]])[] => [
  ['retry_later', profile.retryErrors],
  ['dead', [...profile.deadErrors, ...(profile.errorIn200?.deadValues ?? [])]],
  ['configuration', profile.configurationErrors],
  ['client', profile.clientErrors],
];

/** More of a text than any provider needs to say what is wrong. */
const LONGEST_TEXT = 512;
const MOST_TEXTS = 32;
const WORD_CHARACTER = /[\p{L}\p{N}_]/u;

/** Whether `word` stands in `text` by itself: not as a part of a longer word. Ignores case. */
const holdsWord = (text: string, word: string): boolean => {
  const [given, wanted] = [text.toLowerCase(), word.trim().toLowerCase()];
  if (wanted === '') return false;
  for (let at = given.indexOf(wanted); at >= 0; at = given.indexOf(wanted, at + 1)) {
    const [before, after] = [given[at - 1] ?? ' ', given[at + wanted.length] ?? ' '];
    if (!WORD_CHARACTER.test(before) && !WORD_CHARACTER.test(after)) return true;
  }
  return false;
};

const byProfile = (texts: readonly string[], profile: ProviderProfile): RefusalReading | undefined => {
  for (const [means, words] of profileWords(profile)) {
    const code = words.find((word) => texts.some((text) => holdsWord(text, word)));
    if (code !== undefined) return { means, code, isKnown: true };
  }
  return undefined;
};

/** What a proxy in between says when it lost the server behind it; 499: the one in front of it hung up. */
export const isOfProxy = (httpStatus: number): boolean => [408, 425, 499].includes(httpStatus);

const byStatus = (httpStatus: number, code: string | undefined): RefusalReading => {
  const means = (): Refusal => {
    if (httpStatus === 429) return 'retry_later';
    // A proxy says these when the connection to the server broke after the request went up it.
    if (isOfProxy(httpStatus)) return 'unclear';
    if (httpStatus === 401) return 'client';
    // A redirect declines too: it is never followed, and comes before anything is looked at.
    if (httpStatus >= 300 && httpStatus < 500) return 'configuration';
    if (httpStatus >= 200 && httpStatus < 300 && code !== undefined) return 'configuration';
    return 'unclear';
  };
  return { means: means(), code, isKnown: false };
};

/**
 * What an answer that is no success means: by what it says, and only then by where it says it. The profile's
 * words come before those that everybody knows, and both before the HTTP status: several providers answer
 * 401, 403 or 200 for a dead token.
 */
export const readRefusal = (
  { errors, remarks }: ErrorWords,
  httpStatus: number,
  profile: ProviderProfile,
): RefusalReading => {
  const texts = [...errors, ...remarks].slice(0, MOST_TEXTS).map((text) => text.slice(0, LONGEST_TEXT));
  const own = byProfile(texts, profile);
  if (own !== undefined) return own;
  // Of a 5xx only a code speaks: a gateway writes sentences too.
  const speaks = httpStatus < 500 && !isOfProxy(httpStatus);
  const inside = speaks ? errors.slice(0, MOST_TEXTS).map(codeInside) : [];
  const known =
    errors.find((code) => classOfCode(code) !== undefined) ?? inside.find((code) => code !== undefined);
  const code = known ?? errors[0];
  if (speaks && texts.some(saysNotNow)) return { means: 'retry_later', code, isKnown: true };
  if (speaks && (code === undefined || isVagueCode(code)) && texts.some(saysTokenIsDead))
    return { means: 'dead', code, isKnown: true };
  const means = known === undefined ? undefined : classOfCode(known);
  // A failure inside a 3xx or 4xx is an answer all the same, and its status says whose.
  const isAnswered = means === 'unclear' && httpStatus >= 300 && httpStatus < 500;
  const isPutOff = speaks && httpStatus >= 300 && texts.some(saysComeBack);
  if (means === undefined || isAnswered)
    return isPutOff ? { means: 'retry_later', code, isKnown: false } : byStatus(httpStatus, code);
  return { means, code: known, isKnown: means !== 'unclear' };
};

/** Whether a text by itself, without a member around it, is an error that somebody knows. */
export const isKnownError = (text: string, profile: ProviderProfile): boolean =>
  classOfCode(text) !== undefined ||
  profileWords(profile).some(([, words]) => words.some((word) => plainWord(word) === plainWord(text)));

const PRINTABLE = /^(?:[a-z]{2,20}(?:_[a-z]{1,20}){0,5}|[A-Z]{2,20}(?:_[A-Z]{1,20}){0,5})$/;

/** Whether a code cannot be a secret: one that everybody knows, or plain words. */
export const isPlainCode = (code: string): boolean => classOfCode(code) !== undefined || PRINTABLE.test(code);

/** The code itself when it cannot be a secret: a plain one, or one of the profile. */
export const printableCode = (code: string | undefined, profile: ProviderProfile): string | undefined => {
  if (code === undefined) return undefined;
  return isKnownError(code, profile) || isPlainCode(code) ? code : undefined;
};
