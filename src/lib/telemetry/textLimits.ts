/**
 * What Application Insights takes of a text. The SDK cuts without a word, and counts the value of a property in
 * UTF-8; what is counted here in bytes is never more than as many characters.
 * @see https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete
 */
const LIMIT_BYTES: Readonly<Record<string, number>> = {
  'microsoft.custom_event.name': 512,
  'exception.type': 1_024,
  'exception.message': 32_768,
  'exception.stacktrace': 32_768,
};
const PROPERTY_BYTES = 8_192;
/** Name of a call. */
export const SPAN_NAME_BYTES = 1_024;

/** Stands at the end of what was cut. */
const MARK = '… [cut]';
const MARK_BYTES = Buffer.byteLength(MARK);
/** A UTF-16 unit is three bytes at most. */
const UTF8 = 3;

/** The text, or as much of it from its beginning as fits, to a whole character, with a mark that says so. */
export const cutToBytes = (text: string, limitBytes: number): string => {
  if (text.length * UTF8 <= limitBytes || Buffer.byteLength(text) <= limitBytes) return text;
  const bytes = Buffer.from(text.slice(0, limitBytes));
  let end = Math.min(limitBytes - MARK_BYTES, bytes.length);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end) + MARK;
};

/**
 * What the properties of one item may take together, as JSON: behind 64 KiB the service cuts the whole bag, and
 * whatever stands last in it is gone, a dimension of an alert too.
 * @see https://github.com/Azure/azure-sdk-for-python/issues/47345
 */
const ALL_PROPERTIES_BYTES = 60_000;
const SHORTEST_PROPERTY_BYTES = 256;
/** A character is written in JSON as six at most. */
const ESCAPED = 6;
/** Of a number or a boolean, written out. */
const MOST_CHARACTERS = 24;

type Attributes<T> = Readonly<Record<string, T | string>>;

const cutEach = <T>(attributes: Attributes<T>, propertyBytes: number): Record<string, T | string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'string' ? cutToBytes(value, LIMIT_BYTES[key] ?? propertyBytes) : value,
    ]),
  );

/** Whether each, and all together, are within every limit whatever their characters are, as nearly all items are. */
const areShort = (attributes: Attributes<unknown>): boolean => {
  let characters = 0;
  for (const key of Object.keys(attributes)) {
    const value = attributes[key];
    const length = typeof value === 'string' ? value.length : MOST_CHARACTERS;
    if (length * UTF8 > (LIMIT_BYTES[key] ?? PROPERTY_BYTES)) return false;
    characters += key.length + length;
  }
  return characters * ESCAPED <= ALL_PROPERTIES_BYTES;
};

const isTooMuch = (attributes: Attributes<unknown>): boolean => {
  const properties = Object.entries(attributes).filter(([key]) => !(key in LIMIT_BYTES));
  return Buffer.byteLength(JSON.stringify(Object.fromEntries(properties))) > ALL_PROPERTIES_BYTES;
};

/**
 * Attributes of one item within the limits: where they are too much together, the longest are cut further. To be
 * called on what is redacted: a cut may go through a secret.
 */
export const withinLimits = <T extends string | number | boolean>(
  attributes: Attributes<T>,
): Record<string, T | string> => {
  if (areShort(attributes)) return { ...attributes };
  let cut = cutEach(attributes, PROPERTY_BYTES);
  for (let bytes = PROPERTY_BYTES / 2; bytes >= SHORTEST_PROPERTY_BYTES && isTooMuch(cut); bytes /= 2)
    cut = cutEach(attributes, bytes);
  return cut;
};
