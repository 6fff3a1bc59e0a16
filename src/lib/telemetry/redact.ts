import { ENVELOPE_WORDS, withItsFrame } from './envelopeWords.ts';
import { events } from './events.ts';
import { metrics } from './metrics.ts';
import { SHORTEST_SECRET, secretForms } from './secretForms.ts';
import { REDACTED, redactPatterns } from './secretPatterns.ts';

/** The exporter cuts long values, and half a secret would no longer be recognized behind the cut. */
const LONG = 1_000;

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

export interface Redactor {
  /** The text without anything that is, or looks like, a secret. Applying it twice changes nothing more. */
  redact(text: string): string;
  /**
   * A JSON document with every string in it redacted, names of members too, except for the frame that the SDK
   * gives an item. Throws where it is no JSON.
   */
  redactJson(document: string): string;
  /** Attributes with those values redacted that are long enough to be cut on the way. */
  redactLong<T extends string | number | boolean>(
    attributes: Readonly<Record<string, T | string>>,
  ): Record<string, T | string>;
  /**
   * Makes sure that this very value leaves in no record, nor URL-encoded, in base64 or JSON-escaped.
   * Values below 6 characters are too common to be looked for and are left to the patterns.
   * @returns a function that forgets the value; one call undoes one registration.
   */
  registerSecret(value: string): () => void;
}

/** A redactor with no registered values. One per process: whoever holds a secret registers it here. */
export const createRedactor = (): Redactor => {
  const registered = new Map<string, { forms: string[]; holders: number }>();

  const redact = (text: string): string => {
    if (text.length < SHORTEST_SECRET || VOCABULARY.has(text)) return text;
    let clean = text;
    for (const { forms } of registered.values())
      for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    return redactPatterns(clean);
  };

  const redactDocument = (document: Json): Json => {
    // The items of a batch say the same names, owners and links over and over.
    const known = new Map<string, string>();
    const once = (text: string): string => {
      const clean = known.get(text) ?? redact(text);
      known.set(text, clean);
      return clean;
    };
    const walk = (value: Json): Json => {
      if (typeof value === 'string') return once(value);
      if (typeof value !== 'object' || value === null) return value;
      if (Array.isArray(value)) return value.map(walk);
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [once(key), walk(inner)]));
    };
    const items = Array.isArray(document) ? document : [document];
    const redacted = items.map((item) => withItsFrame(item, walk(item)));
    return Array.isArray(document) ? redacted : (redacted[0] ?? null);
  };

  return {
    redact,
    redactJson: (document) => JSON.stringify(redactDocument(JSON.parse(document) as Json)),
    redactLong: (attributes) =>
      Object.fromEntries(
        Object.entries(attributes).map(([key, value]) => [
          key,
          typeof value === 'string' && value.length > LONG ? redact(value) : value,
        ]),
      ) as typeof attributes,
    registerSecret(value) {
      if (value.length < SHORTEST_SECRET) return () => undefined;
      const entry = registered.get(value) ?? { forms: secretForms(value), holders: 0 };
      entry.holders += 1;
      registered.set(value, entry);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        entry.holders -= 1;
        if (entry.holders === 0) registered.delete(value);
      };
    },
  };
};
