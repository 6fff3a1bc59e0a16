/** Names in Key Vault, addresses and owners are the same in any case. */
export const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** What stands between the `*` of a pattern, in lower case. */
export const partsOf = (pattern: string): readonly string[] => pattern.toLowerCase().split('*');

/**
 * Whether a pattern is true of a name in lower case. In time linear in the name for each part: names are chosen by
 * others.
 */
export const matchesName = (parts: readonly string[], name: string): boolean => {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length < 2) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (let index = 1; index < parts.length - 1; index += 1) {
    const part = parts[index] ?? '';
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= name.length;
};
