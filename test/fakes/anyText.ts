import fc from 'fast-check';

const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * Any character of Unicode. fast-check's own `binary` makes a table of all 1.1 million of them, which takes two
 * seconds in each process.
 */
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff - SURROGATES.count }).map(
  (index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count),
  (text) => {
    const [character, ...more] = String(text);
    const code = character?.codePointAt(0);
    if (code === undefined || more.length > 0) throw new Error('not one character');
    return code < SURROGATES.from ? code : code - SURROGATES.count;
  },
);

/** Text of any characters, and the names that JavaScript gives a meaning to (`__proto__`). */
export const anyText = (length: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ unit: anyCharacter, ...length });
