/** A member found in a JSON text, with the JSON pointer that leads to it. */
export interface JsonMember {
  readonly pointer: string;
  /** The last member name of the pointer. */
  readonly key: string;
  /** Absent: no scalar (an object, a list, a word that JSON does not have, a text without its end). Empty ones are ''. */
  readonly value: string | number | boolean | null | undefined;
}

export interface TolerantJson {
  readonly members: readonly JsonMember[];
  /** False when the text ends inside an object, an array or a string: something may be missing. */
  readonly complete: boolean;
}

/** Whether a member is asked for, or an item of the list of that name. */
export type WantsMember = (key: string, isItem: boolean) => boolean;

const DEEPEST = 64;
const BARE = /[^\s{}[\]:,"]+/y;
const EMPTY = /^[{[]\s*[}\]]/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

interface Frame {
  readonly array: boolean;
  key: string | undefined;
  index: number;
}

/** The end of the string literal that starts at `start`, or -1 when the text ends first. */
const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
};

// A literal that JSON.parse refuses (a raw line break, `\q`) is still the provider's token: taken as it stands.
export const unquoteJson = (literal: string): string => {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
};

// JavaScript, Python and Go write their own words for it.
const NULLS = new Set(['null', 'undefined', 'None', 'nil']);

const bareValue = (word: string): JsonMember['value'] => {
  if (NULLS.has(word)) return null;
  if (word === 'true' || word === 'false') return word === 'true';
  return NUMBER.test(word) ? Number(word) : undefined;
};

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const pointerOf = (stack: readonly Frame[]): string =>
  stack.map((frame) => `/${escapePointer(frame.array ? String(frame.index) : (frame.key ?? ''))}`).join('');

/**
 * Every member that `wants` asks for by its key, and every item of a list by the name of the list (`isItem`), from a text that may be cut off, preceded by
 * something else, or broken. A string counts only when its closing quote is there, so that half a
 * token is never taken for one: its member is there, without a value. Never throws.
 */
export const readTolerantJson = (text: string, wants: WantsMember): TolerantJson => {
  const members: JsonMember[] = [];
  const stack: Frame[] = [];
  let tooDeep = 0;
  const note = (value: JsonMember['value']): void => {
    const frame = stack.at(-1);
    if (frame === undefined || tooDeep > 0) return;
    const key = frame.array ? stack.at(-2)?.key : frame.key;
    if (key !== undefined && wants(key, frame.array)) members.push({ pointer: pointerOf(stack), key, value });
  };
  const emit = (value: JsonMember['value']): void => {
    note(value);
    const frame = stack.at(-1);
    if (frame !== undefined && tooDeep === 0) frame.key = undefined;
  };
  let at = 0;
  while (at < text.length) {
    const character = text[at];
    if (character === '{' || character === '[') {
      note(EMPTY.test(text.slice(at, at + 64)) ? '' : undefined);
      if (tooDeep > 0 || stack.length >= DEEPEST) tooDeep += 1;
      else stack.push({ array: character === '[', key: undefined, index: 0 });
    } else if (character === '}' || character === ']') {
      if (tooDeep > 0) tooDeep -= 1;
      else {
        stack.pop();
        const frame = stack.at(-1);
        if (frame !== undefined) frame.key = undefined;
      }
    } else if (character === ',') {
      const frame = stack.at(-1);
      if (frame !== undefined && tooDeep === 0) {
        frame.index += 1;
        frame.key = undefined;
      }
    } else if (character === '"' && stack.length > 0) {
      const end = endOfString(text, at);
      if (end < 0) {
        note(undefined);
        return { members, complete: false };
      }
      const value = unquoteJson(text.slice(at, end + 1));
      const frame = stack.at(-1);
      // What a colon follows is a member's name, whatever came before it.
      const named = /^\s*:/.test(text.slice(end + 1, end + 64));
      if (named && frame !== undefined && !frame.array && tooDeep === 0) frame.key = value;
      else emit(value);
      at = end;
    } else {
      BARE.lastIndex = at;
      const word = BARE.exec(text)?.[0];
      if (word !== undefined) {
        // A number that ends the text may go on beyond the cut.
        emit(at + word.length < text.length ? bareValue(word) : undefined);
        at += word.length - 1;
      }
    }
    at += 1;
  }
  return { members, complete: stack.length === 0 && tooDeep === 0 };
};
