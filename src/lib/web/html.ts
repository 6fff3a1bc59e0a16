import { printable } from '../kernel/printable.ts';

/**
 * Pages as template literals that escape by construction: whatever is not markup made here is shown as text, an
 * address leads to https or to a path of our own, and a template that asks for anything else is a fault of the program.
 */

const MARKUP = Symbol('markup');

/** Markup that was made by {@link html}, and by nothing else: no text and no JSON is one. */
export interface Html {
  readonly [MARKUP]: string;
}

/** What a template takes; nothing is written of `undefined` and `false`. */
export type Value = string | number | Html | readonly Value[] | undefined | false;

/** Where the value of a template stands. */
type Place = 'text' | 'tag' | 'attribute' | 'address';

/** Attributes that lead somewhere: each holds one address and nothing beside it. */
const ADDRESS = /\s(?:href|src|action|formaction)\s*=\s*$/i;
/** What would run, or style past the stylesheet; neither is ever made of values. */
const FORBIDDEN = /\s(?:on\w+|style|srcdoc|srcset)\s*=\s*$/i;
const RAW = /<(?:script|style|textarea|title|!--)/i;

/**
 * Markup of a template. Values are escaped for text and for attributes in double quotes, which are the only places that
 * they may have; between attributes only markup may stand (`${isOpen && html` open`}`). Control characters and those
 * that reorder text become visible.
 * @throws Error where a value stands in a script, a style, a comment, an event handler or outside of quotes
 */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => {
  const places = placesOf(parts);
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) {
    text += written(value, places[index] ?? 'text') + (parts[index + 1] ?? '');
  }
  return { [MARKUP]: text };
};

export const textOfHtml = (markup: Html): string => markup[MARKUP];

/** For what is made in this room and is no template: a stylesheet, a script. Never for what comes from outside. */
export const ownMarkup = (text: string): Html => ({ [MARKUP]: text });

/** Whether a text may be the address of a link: https without credentials, or a path, query or fragment of ours. */
export const isAddress = (text: string): boolean => {
  if (/[\p{C}\p{Z}\\]/u.test(text)) return false;
  if (/^(?:\/(?!\/)|[?#])/.test(text)) return true;
  if (!/^https:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
};

/** A link that leads there where it may; the words alone where it may not. */
export const link = (words: Value, address: string | undefined): Html => {
  if (address === undefined || !isAddress(address)) return html`${words}`;
  return /^https:/i.test(address)
    ? html`<a href="${address}" rel="noopener noreferrer">${words}</a>`
    : html`<a href="${address}">${words}</a>`;
};

const isMarkup = (value: Value): value is Html => typeof value === 'object' && MARKUP in value;

const written = (value: Value, place: Place): string => {
  if (value === undefined || value === false) return '';
  if (place === 'address') return typeof value === 'string' && isAddress(value) ? escaped(value) : '#refused';
  if (typeof value === 'string' || typeof value === 'number') {
    if (place === 'tag') throw new Error('html: between attributes only markup may stand');
    return escaped(String(value));
  }
  if (!isMarkup(value)) return value.map((one) => written(one, place)).join('');
  if (place === 'attribute') throw new Error('html: an attribute holds text, not markup');
  return value[MARKUP];
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  printable(text, Number.POSITIVE_INFINITY).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const known = new WeakMap<TemplateStringsArray, readonly Place[]>();

/** Where each value of a template stands; a template is looked at once. */
const placesOf = (parts: TemplateStringsArray): readonly Place[] => {
  const before = known.get(parts);
  if (before !== undefined) return before;
  const places: Place[] = [];
  let place: Place = 'text';
  for (const part of parts.slice(0, -1)) {
    place = placeAfter(place, part);
    places.push(place);
  }
  const last = parts.at(-1) ?? '';
  if (place === 'address' && !last.startsWith('"') && places.length > 0)
    throw new Error('html: nothing stands beside an address');
  known.set(parts, places);
  return places;
};

/** Reads one static part from where the last value stood. */
const placeAfter = (before: Place, part: string): Place => {
  if (before === 'address' && !part.startsWith('"'))
    throw new Error('html: nothing stands beside an address');
  let rest = part;
  let isInTag = before !== 'text';
  if (before === 'attribute' || before === 'address') {
    const quote = rest.indexOf('"');
    if (quote < 0) return before;
    rest = rest.slice(quote + 1);
  }
  for (;;) {
    if (!isInTag) {
      const open = rest.search(/<[a-z/!]/i);
      if (open < 0) {
        // A piece of a tag apart from its tag would be taken for text.
        if (/=\s*"[^"<>]*$/.test(rest)) throw new Error('html: an attribute stands in its tag');
        return 'text';
      }
      rest = rest.slice(open);
      if (RAW.test(rest.slice(0, 10))) throw new Error('html: a raw element is not for templates');
      isInTag = true;
    }
    const next = rest.search(/[">]/);
    if (next < 0) {
      if (/[=/']\s*$/.test(rest)) throw new Error('html: an attribute stands in double quotes');
      return 'tag';
    }
    if (rest[next] === '>') {
      rest = rest.slice(next + 1);
      isInTag = false;
      continue;
    }
    const name = rest.slice(0, next);
    const value = rest.slice(next + 1);
    const end = value.indexOf('"');
    if (end >= 0) {
      rest = value.slice(end + 1);
      continue;
    }
    if (FORBIDDEN.test(name)) throw new Error('html: no value stands in a style or an event handler');
    if (!ADDRESS.test(name)) return 'attribute';
    if (value !== '') throw new Error('html: nothing stands beside an address');
    return 'address';
  }
};
