import { widthOf } from './widthOf.ts';

/**
 * A text as lines of a terminal, broken between words; a word that is longer than a line stays whole, so that it can
 * be copied.
 * @param width columns of the terminal; absent where nobody looks, as in a file: one line
 * @param indent stands before every line
 */
export const wrapText = (text: string, width = Number.POSITIVE_INFINITY, indent = ''): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line];
};
