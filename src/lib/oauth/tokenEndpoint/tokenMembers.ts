import { plainWord } from '../rules/refusalWords.ts';
import { type JsonMember, readTolerantJson, unquoteJson, type WantsMember } from './tolerantJson.ts';

/** What kind of text the members came from. */
export type BodyShape = 'json' | 'form' | 'fragment' | 'none';

export interface TokenMembers {
  readonly members: readonly JsonMember[];
  readonly shape: BodyShape;
  /** False when the text ends before its own end, or is broken: a member may be missing. */
  readonly complete: boolean;
}

const FORM = /^\s*[^\s<>{}[\]"&=]+=/;

const formMembers = (text: string, isEndKnown: boolean): JsonMember[] => {
  const pairs = [...new URLSearchParams(text.trim())];
  return pairs.map(([key, value], index) => {
    // The last value of a body that was cut, or that only the connection's end delimits, may be half a token.
    const isHalf = !isEndKnown && index === pairs.length - 1;
    return { pointer: `/${key}`, key, value: isHalf ? undefined : value };
  });
};

// Last resort for a text that a stray quote has thrown out of step.
const FRAGMENT = /"((?:refresh|access)[_-]?token)"\s*:\s*("(?:[^"\\]|\\[\s\S])*")/gi;

const fragments = (text: string): JsonMember[] =>
  [...text.matchAll(FRAGMENT)].map(([, key = '', literal = '""']) => ({
    pointer: `/${key}`,
    key,
    value: unquoteJson(literal),
  }));

const isReadable = ({ key, value }: JsonMember): boolean =>
  plainWord(key) === 'refreshtoken' && typeof value === 'string' && value !== '';

/**
 * The members that `wants` asks for, from a body of whatever shape: JSON (also cut off, quoted as a
 * whole, or after a page's worth of warnings), a form, or bare `"name": "value"` pairs in between.
 */
export const readTokenMembers = (
  text: string,
  options: {
    /** False when the connection broke, or when nothing but its end says where the body ends. */
    readonly isEndKnown: boolean;
    readonly wants: WantsMember;
  },
): TokenMembers => {
  const { isEndKnown, wants } = options;
  if (FORM.test(text)) {
    const members = formMembers(text, isEndKnown).filter(({ key }) => wants(key, false));
    if (members.length > 0) return { members, shape: 'form', complete: isEndKnown };
  }
  const quoted = /^\s*"[\s\S]*"\s*$/.test(text) ? unquoteJson(text.trim()) : text;
  const { members, complete } = readTolerantJson(quoted, wants);
  if (members.some(isReadable)) return { members, shape: 'json', complete };
  const found = fragments(quoted);
  if (found.some(isReadable)) return { members: [...members, ...found], shape: 'fragment', complete: false };
  if (members.length > 0) return { members, shape: 'json', complete };
  return { members: [], shape: 'none', complete };
};
