/**
 * Links for whoever is on call: the page of a runbook, the page where a person consents again. They are written by
 * people, in the config or in a tag, and must arrive whole to lead anywhere, with their query and fragment. So what
 * could be a secret in them is refused where it is written.
 */

/** What is allowed, for messages. */
export const LINK_FOR_PEOPLE = 'an https:// address without credentials, also in its query and fragment';

/** The most characters: longer texts are cut on their way, and a link that was cut leads nowhere. */
const MOST_CHARACTERS = 1000;

const SECRET_NAME =
  /(?:secret|token|passw(?:or)?d|passwd|pwd|sig|signature|assertion|cookie|authorization|credentials?|jwt|session|^code|verifier)$/i;

/** `spaceKey=OPS` names a space; a key that opens something is longer. */
const KEY_NAME = /key$/i;
const LONGEST_NAME_OF_A_KEY = 15;

/** Random identifiers that are no secret: everybody who is sent to the page of consent sees them. */
const PUBLIC_NAMES: ReadonlySet<string> = new Set(['client_id', 'code_challenge', 'nonce', 'state']);

const KNOWN_SECRET =
  /eyJ[\w-]{8}|(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk[-_]|ya29\.|AKIA|1\/\/0)\w{8}/;
const RANDOM_RUN = /[A-Za-z0-9+=]{20,}|[\w+=-]{32,}/g;

const isRandom = (run: string): boolean =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d[^\d]+\d[^\d]+\d/.test(run);

const looksSecret = (value: string): boolean =>
  KNOWN_SECRET.test(value) || (value.match(RANDOM_RUN) ?? []).some(isRandom);

const isHarmless = (name: string, value: string): boolean => {
  if (value === '') return !looksSecret(name);
  if (SECRET_NAME.test(name)) return false;
  if (KEY_NAME.test(name) && value.length > LONGEST_NAME_OF_A_KEY) return false;
  if (PUBLIC_NAMES.has(name.toLowerCase())) return !KNOWN_SECRET.test(value);
  // Where the page of consent returns to is a link as well.
  return URL.canParse(value) && value.includes('://')
    ? isLinkForPeople(value, /^https?:$/)
    : !looksSecret(value);
};

/** Whether a text is an address that may be shown, and sent in telemetry, to the last character. */
export const isLinkForPeople = (text: string, protocol = /^https:$/): boolean => {
  if (text.length > MOST_CHARACTERS || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (!protocol.test(url.protocol) || url.username !== '' || url.password !== '') return false;
  const parts = [url.search, url.hash].flatMap((part) => [...new URLSearchParams(part.slice(1))]);
  return parts.every(([name, value]) => isHarmless(name, value)) && !KNOWN_SECRET.test(url.pathname);
};
