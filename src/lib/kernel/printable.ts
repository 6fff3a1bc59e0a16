/**
 * Text from outside made safe to show: control characters, terminal escapes and the invisible
 * characters that reorder or hide text become visible escapes, and the length is bounded.
 *
 * It does not escape for HTML: pages do that for everything they render.
 */
export const printable = (text: string, maximumLength = 60): string => {
  // Nearly every text is safe and short already, and a scan looks at hundreds of thousands.
  if (text.length <= maximumLength && text.search(UNSAFE) < 0) return text;
  // A character is two units at most: what lies behind is not shown, and not looked at.
  const bounded = text.slice(0, 2 * maximumLength + 2);
  const visible = bounded.replace(UNSAFE, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `\\u{${codePoint.toString(16)}}`;
  });
  const characters = [...visible];
  return characters.length <= maximumLength ? visible : `${characters.slice(0, maximumLength - 1).join('')}…`;
};

/**
 * What reorders text, or shows nothing: format characters (bidirectional overrides, zero width), line and paragraph
 * separators, and whatever a font leaves out or blank (fillers of Hangul, an empty Braille cell, variation selectors).
 * Of the last an emoji has one of its own.
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const HIDDEN = String.raw`[\p{Cf}\p{Zl}\p{Zp}\u2800[\p{DI}--[\ufe0e\ufe0f]]]|(?<!\p{ExtPict})[\ufe0e\ufe0f]`;

/** Every such character, and those of a class beside. @param others ranges as a class of an expression has them */
export const hiddenAnd = (others: string): RegExp => new RegExp(`${HIDDEN}|[${others}]`, 'gv');

/** Control characters and lone surrogates too. */
const UNSAFE = hiddenAnd(String.raw`\p{Cc}\p{Cs}`);

/**
 * An address made safe to show: as {@link printable}, and without user name, password, query and fragment,
 * which may be secrets. Without a scheme too: what stands before an `@` is hidden in any text.
 */
export const printableAddress = (text: string): string =>
  printable(
    text
      .replace(/\/\/[^/?#]*@/g, '//…@')
      // From the start of a word alone: a search would begin anew at every character of a long one.
      .replace(/(?<![^\s,/])[^\s,/]+@/g, '…@')
      .replace(/([?#]).*/s, '$1…'),
  );
