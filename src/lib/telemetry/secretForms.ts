/** Shorter values are found in ordinary words and would take whole records apart. */
export const SHORTEST_SECRET = 6;

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

/**
 * What the bytes look like inside any longer base64 text: at each of the three offsets within a group,
 * without the characters that depend on the neighbours.
 */
const base64Forms = (value: string): string[] =>
  [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value, 'utf8')]);
    const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 3))).toString('base64');
    const core = whole.slice(offset === 0 ? 0 : 4);
    return core.length < SHORTEST_SECRET ? [] : [core, urlSafe(core)];
  });

const percentForms = (value: string): string[] => {
  const encoded = encodeURIComponent(value.toWellFormed());
  const lowerHex = encoded.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
  const form = new URLSearchParams({ v: value }).toString().slice(2);
  return [encoded, lowerHex, form, encodeURIComponent(encoded)];
};

const jsonForms = (value: string): string[] => {
  const once = JSON.stringify(value).slice(1, -1);
  return [once, once.replaceAll('/', '\\/'), JSON.stringify(once).slice(1, -1)];
};

const hexForms = (value: string): string[] => {
  const hex = Buffer.from(value, 'utf8').toString('hex');
  return [hex, hex.toUpperCase()];
};

/** Every spelling of a value that is looked for: itself, URL-encoded, JSON-escaped, in base64, in hexadecimal. Longest first. */
export const secretForms = (value: string): string[] => {
  const forms = [
    value,
    ...percentForms(value),
    ...jsonForms(value),
    ...base64Forms(value),
    ...hexForms(value),
  ];
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
};
