import { type JsonScalar, readTolerantJson, unquoteJson } from './tolerantJson.ts';

/** What kind of text the members came from. */
export type BodyShape = 'json' | 'form' | 'fragment' | 'none';

export interface TokenMembers {
  readonly members: readonly JsonScalar[];
  readonly shape: BodyShape;
  /** False when the text ends before its own end: a member may be missing. */
  readonly complete: boolean;
}

/** `refreshToken`, `refresh-token` and `refresh_token` are one name. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '');

const encodingOf = (bytes: Uint8Array): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
};

/** The text of a body: UTF-8 unless a byte order mark says UTF-16; the mark itself is dropped. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder(encodingOf(bytes)).decode(bytes);

const FORM = /^\s*[^\s<>{}[\]"&=]+=/;

const formMembers = (text: string, bytesComplete: boolean): JsonScalar[] => {
  const pairs = text.trim().split('&');
  // The last value of a body that was cut may be half a token.
  const whole = bytesComplete ? pairs : pairs.slice(0, -1);
  return [...new URLSearchParams(whole.join('&'))].map(([key, value]) => ({
    pointer: `/${key}`,
    key,
    value,
  }));
};

// Last resort for a text that a stray quote has thrown out of step.
const FRAGMENT = /"((?:refresh|access)[_-]?token)"\s*:\s*("(?:[^"\\]|\\[\s\S])*")/gi;

const fragments = (text: string): JsonScalar[] =>
  [...text.matchAll(FRAGMENT)].map(([, key = '', literal = '""']) => ({
    pointer: `/${key}`,
    key,
    value: unquoteJson(literal),
  }));

const isRefreshToken = ({ key, value }: JsonScalar): boolean =>
  plainName(key) === 'refreshtoken' && value !== null && value !== '';

/**
 * The members that `wants` asks for, from a body of whatever shape: JSON (also cut off, quoted as a
 * whole, or after a page's worth of warnings), a form, or bare `"name": "value"` pairs in between.
 */
export const readTokenMembers = (
  text: string,
  { bytesComplete, wants }: { bytesComplete: boolean; wants: (key: string) => boolean },
): TokenMembers => {
  if (FORM.test(text)) {
    const members = formMembers(text, bytesComplete).filter(({ key }) => wants(key));
    if (members.length > 0) return { members, shape: 'form', complete: bytesComplete };
  }
  const quoted = /^\s*"[\s\S]*"\s*$/.test(text) ? unquoteJson(text.trim()) : text;
  const { scalars, complete } = readTolerantJson(quoted, wants);
  if (scalars.some(isRefreshToken)) return { members: scalars, shape: 'json', complete };
  const found = fragments(quoted);
  if (found.some(isRefreshToken)) return { members: [...scalars, ...found], shape: 'fragment', complete };
  if (scalars.length > 0) return { members: scalars, shape: 'json', complete };
  return { members: [], shape: 'none', complete: complete && bytesComplete };
};
