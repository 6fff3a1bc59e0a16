/** The first of a list in words, and how many more there are: a text for people has room for no more. */
export const firstNamed = (
  names: readonly string[],
  most: number,
  shown: (name: string) => string = String,
): string => {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).map(shown).join(', ')}${more}`;
};
