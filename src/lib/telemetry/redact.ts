import { isLinkForPeople } from '../kernel/linkForPeople.ts';
import { ENVELOPE_WORDS, withItsFrame } from './envelopeWords.ts';
import { events } from './events.ts';
import { type Place, placeOf } from './identifying.ts';
import { metrics } from './metrics.ts';
import { SHORTEST_SECRET, secretForms } from './secretForms.ts';
import { REDACTED, redactPatterns } from './secretPatterns.ts';

/** The exporter cuts long values, and half a secret would no longer be recognized behind the cut. */
const LONG = 1_000;

/** Where an item has its attributes. */
const ATTRIBUTES = ['data', 'baseData', 'properties'];

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * Words of the code itself, and of ingestion. They are kept even where someone made one of them a secret: an authorization
 * server that answers with the token `keywatch.grant.refreshed` must not be able to blind the alerts.
 */
const VOCABULARY = new Set([
  ...ENVELOPE_WORDS,
  ...[...Object.entries(events), ...Object.entries(metrics)].flatMap(([name, { attributes }]) => [
    name,
    ...Object.keys(attributes),
    ...Object.values(attributes as Record<string, { values?: readonly string[] }>).flatMap(
      ({ values }) => values ?? [],
    ),
  ]),
]);

/** `token`: chosen by an authorization server, or stored for one. `secret`: chosen by whoever runs the client. */
export type SecretOrigin = 'secret' | 'token';

export interface Redactor {
  /** The text without anything that is, or looks like, a secret. Applying it twice changes nothing more. */
  redact(text: string): string;
  /**
   * A JSON document with every string in it redacted, names of members too, except for the frame that the SDK
   * gives an item. Throws where it is no JSON.
   */
  redactJson(document: string): string;
  /** The attributes of many records, each redacted as it is in a batch: see `redactJson`. */
  redactAttributes<T extends object>(records: readonly T[]): T[];
  /** Attributes with those values redacted that are long enough to be cut on the way. */
  redactLong<T extends string | number | boolean>(
    attributes: Readonly<Record<string, T | string>>,
  ): Record<string, T | string>;
  /**
   * Makes sure that this very value leaves in no record, nor URL-encoded, in base64 or JSON-escaped.
   * Values below 6 characters are too common to be looked for and are left to the patterns.
   * @param origin `token`: an authorization server chose it, so it is not looked for in what says which credential,
   *   vault or owner an item is about: it could take the names of others out of it
   * @returns a function that forgets the value; one call undoes one registration.
   */
  registerSecret(value: string, origin?: SecretOrigin): () => void;
}

/** The patterns, around whole links that people are told to open: one that was cut leads nowhere. */
const redactAround = (links: readonly string[], text: string): string => {
  for (const link of links) {
    const at = text.indexOf(link);
    // What goes on behind the link is another one.
    if (at === -1 || !/^(?:[.,;:)]?(?:\s|$))/.test(text.slice(at + link.length, at + link.length + 2)))
      continue;
    const [before, behind] = [text.slice(0, at), text.slice(at + link.length)];
    return `${redactAround(links, before)}${link}${redactAround(links, behind)}`;
  }
  return redactPatterns(text);
};

/**
 * A redactor with no registered values. One per process: whoever holds a secret registers it here.
 * @param links addresses of the config for people, which stay whole in any text
 */
export const createRedactor = (links: readonly string[] = []): Redactor => {
  const whole = links.filter((link) => isLinkForPeople(link)).sort((a, b) => b.length - a.length);
  const registered = new Map<string, { forms: string[]; holders: Record<SecretOrigin, number> }>();

  const redactText = (text: string, place: Place): string => {
    if (text.length < SHORTEST_SECRET || VOCABULARY.has(text)) return text;
    let clean = text;
    for (const { forms, holders } of registered.values()) {
      if (place === 'identifying' && holders.secret === 0) continue;
      for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    }
    // A link that was cut leads nowhere, and what could be a secret in one was refused where it was written.
    if (place === 'link' && clean === text && isLinkForPeople(text)) return text;
    return redactAround(whole, clean);
  };
  const redact = (text: string): string => redactText(text, 'free');

  const walker = () => {
    // The items of a batch say the same names, owners and links over and over.
    const known = {
      ...{ identifying: new Map<string, string>(), link: new Map<string, string>() },
      free: new Map<string, string>(),
    } satisfies Record<Place, Map<string, string>>;
    const once = (text: string, place: Place): string => {
      const cleaned = known[place];
      const found = cleaned.get(text);
      if (found !== undefined) return found;
      const clean = redactText(text, place);
      cleaned.set(text, clean);
      return clean;
    };
    /** @param path where the value is; the same again afterwards */
    const walk = (value: Json, path: string[]): Json => {
      if (typeof value === 'string') return once(value, placeOf(path));
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map((inner) => walk(inner, path));
      const members = Object.entries(value);
      for (const member of members) {
        const [key, inner] = member;
        path.push(key);
        member[1] = walk(inner, path);
        path.pop();
        member[0] = once(key, 'free');
      }
      return Object.fromEntries(members);
    };
    return walk;
  };
  const redactDocument = (document: Json): Json => {
    const walk = walker();
    const items = Array.isArray(document) ? document : [document];
    const redacted = items.map((item) => withItsFrame(item, walk(item, [])));
    return Array.isArray(document) ? redacted : (redacted[0] ?? null);
  };

  return {
    redact,
    redactJson: (document) => JSON.stringify(redactDocument(JSON.parse(document) as Json)),
    redactAttributes: <T extends object>(records: readonly T[]) => {
      const walk = walker();
      return records.map((record) => walk(record as Json, [...ATTRIBUTES]) as T);
    },
    redactLong(attributes) {
      const redacted = { ...attributes };
      for (const key of Object.keys(redacted)) {
        const value = redacted[key];
        if (typeof value === 'string' && value.length > LONG) redacted[key] = redact(value);
      }
      return redacted;
    },
    registerSecret(value, origin = 'secret') {
      if (value.length < SHORTEST_SECRET) return () => undefined;
      const entry = registered.get(value) ?? { forms: secretForms(value), holders: { secret: 0, token: 0 } };
      entry.holders[origin] += 1;
      registered.set(value, entry);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        entry.holders[origin] -= 1;
        if (entry.holders.secret + entry.holders.token === 0) registered.delete(value);
      };
    },
  };
};
