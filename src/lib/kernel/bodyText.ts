const BOM_LE = [0xff, 0xfe];
const BOM_BE = [0xfe, 0xff];

/** Which of the encodings a body is in: what its first bytes say, since a declared charset is often wrong. */
const encodingOf = ([first, second]: Uint8Array): string => {
  if (first === BOM_LE[0] && second === BOM_LE[1]) return 'utf-16le';
  if (first === BOM_BE[0] && second === BOM_BE[1]) return 'utf-16be';
  // Without a mark: all that a token answer begins with is ASCII, so that every other byte is zero.
  if (first !== 0 && second === 0) return 'utf-16le';
  return first === 0 && second !== 0 && second !== undefined ? 'utf-16be' : 'utf-8';
};

/**
 * The text of a body: UTF-8, or UTF-16 where its first bytes say so; a byte order mark is dropped. Another
 * charset need not be known: a token is ASCII, and its bytes are the same in all that are in use.
 */
export const textOf = (bytes: Uint8Array): string => new TextDecoder(encodingOf(bytes)).decode(bytes);
