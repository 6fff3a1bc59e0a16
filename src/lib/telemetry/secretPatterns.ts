/** What a removed secret leaves behind. No pattern here matches it again. */
export const REDACTED = '[redacted]';

/**
 * The expressions below read each text a bounded number of times: a repetition never starts again at a
 * place that another start of the same expression has already run through.
 */
const KEYS =
  'client[_-]?secret|refresh[_-]?token|access[_-]?token|id[_-]?token|session[_-]?token|client[_-]?assertion|' +
  'assertion|code[_-]?verifier|password|passwd|pwd|account[_-]?key|shared[_-]?access[_-]?(?:key|signature)|' +
  'api[_-]?key|(?:ocp-apim-)?subscription[_-]?key|functions[_-]?key|private[_-]?key|signature|sig|' +
  'secret|token|cookie|authorization|code';

/** `key=value`, also with the sign percent-encoded; `Key=value;` of connection strings. */
const ASSIGNED = new RegExp(`(${KEYS})(\\s{0,2}(?:=|%3D|%253D)\\s{0,2})([^\\s&;,"'<>\\\\]+)`, 'gi');

/** `"key": "value"`, `key: 'value'`, `key = "value"`: up to the closing quote. */
const QUOTED = new RegExp(
  `(${KEYS})(["']?\\s{0,8}[:=]\\s{0,8}(["']))((?:(?!\\3)[^\\\\]|\\\\[\\s\\S])+)`,
  'gi',
);

/** The same as a string inside JSON, where the quotes are escaped. */
const ESCAPED = new RegExp(
  `(${KEYS})((?:\\\\{1,8}["'])?\\s{0,8}[:=]\\s{0,8}\\\\{1,8}["'])([^"']+?)(?=\\\\{0,8}["']|$)`,
  'gi',
);

/** `key: value` in a log line or a header; error codes are written like that too, so `code` is left out. */
const COLON = new RegExp(`(${KEYS.replace(/\|code$/, '')})(:\\s{0,8})([^\\s,;"'<>\\\\]{12,})`, 'gi');

/** `403`, `ERR_TLS_CERT_ALTNAME_INVALID`, `KeyVaultErrorForbidden`: codes of errors, not of authorizations. */
const ERROR_CODE = /^(?:\d{1,4}|[A-Z]+(?:_[A-Z]+)*|[a-z]+(?:_[a-z]+)*|(?:[A-Z][a-z]+)+)$/;

const MOST_ERROR_CODE = 40;

/** A challenge names the authority to ask: `Bearer authorization="https://login.example/TENANT"`. */
const isAuthority = (key: string, value: string): boolean =>
  key.toLowerCase() === 'authorization' && value.startsWith('https://');

const isErrorCode = (key: string, value: string): boolean =>
  key.toLowerCase() === 'code' && value.length < MOST_ERROR_CODE && ERROR_CODE.test(value);

const withoutNamed = (whole: string, key: string, between: string, value: string): string =>
  isErrorCode(key, value) || isAuthority(key, value) ? whole : `${key}${between}${REDACTED}`;

const SCHEME = /\b(Bearer|Basic|DPoP|SharedKey)(\s{1,8})([\w.~+/=:-]{6,})/gi;
const SCHEME_WORDS =
  /^(?:tokens?|authentication|authorization|challenges?|credentials?|realm|scheme|errors?|access)[.:]?$|^(?:realm|authorization(?:_uri)?|error(?:_description)?|scope|resource)=$/i;

const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g;

const KNOWN_PREFIXES =
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|sk-|sk_live_|ya29\.|AKIA|1\/\/0)[\w.~+/=-]{12,}/g;

const RUN = /[\w.~+/=-]{20,}/g;
/** Long and of all three sorts of characters: no name, hash, GUID or path element looks like that. */
const OPAQUE = /[\w-]{80,}/g;

/** A JWT (three parts) or JWE (five) inside a run of its characters; its header always starts `eyJ`. */
const withoutJwt = (run: string): string => {
  const start = run.indexOf('eyJ');
  if (start < 0) return run;
  const dot = run.indexOf('.', start);
  return dot < 0 || dot - start < 10 ? run : run.slice(0, start) + REDACTED;
};

const withoutOpaque = (run: string): string =>
  /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run) ? REDACTED : run;

/** Userinfo, query and fragment of a URL, and any `?name=value` of a relative one. */
const withoutUrlSecrets = (word: string): string => {
  const scheme = word.indexOf('://');
  const query = word.search(/[?#]/);
  const tail = query < 0 ? '' : word.slice(query + 1);
  const cut =
    query >= 0 && tail !== '' && tail !== REDACTED && (tail.includes('=') || (scheme >= 0 && query > scheme))
      ? `${word.slice(0, query + 1)}${REDACTED}`
      : word;
  if (scheme < 0) return cut;
  const rest = cut.slice(scheme + 3);
  const authority = rest.slice(0, rest.search(/[/?#]|$/));
  const at = authority.lastIndexOf('@');
  return at < 0 ? cut : `${cut.slice(0, scheme + 3)}${REDACTED}${rest.slice(at)}`;
};

/** Cheap, and true for every text that a pattern could match. */
const SUSPECT =
  /eyJ|:\/\/|[?#]|BEGIN|bearer|basic|dpop|sharedkey|secret|token|assertion|code|pass?w|pwd|key|sig|cookie|authorization|gh[pousr]_|github_pat|glpat|xox|sk[-_]|ya29|AKIA|1\/\/0|[\w-]{80}/i;

const redactOnce = (text: string): string =>
  text
    .replace(PEM, REDACTED)
    .replace(RUN, withoutJwt)
    .replace(SCHEME, (whole, scheme: string, space: string, value: string) =>
      SCHEME_WORDS.test(value) ? whole : `${scheme}${space}${REDACTED}`,
    )
    .replace(/[^\s"'<>\\]+/g, withoutUrlSecrets)
    .replace(ASSIGNED, withoutNamed)
    .replace(ESCAPED, withoutNamed)
    .replace(QUOTED, (whole, key: string, between: string, _quote: string, value: string) =>
      withoutNamed(whole, key, between, value),
    )
    .replace(COLON, `$1$2${REDACTED}`)
    .replace(KNOWN_PREFIXES, REDACTED)
    .replace(OPAQUE, withoutOpaque);

/** What one removal leaves may look like another secret; the second pass nearly always changes nothing. */
const MOST_PASSES = 4;

/** Takes out whatever looks like a secret, by its shape or by the name before it. */
export const redactPatterns = (text: string): string => {
  let clean = text;
  for (let pass = 0; pass < MOST_PASSES && SUSPECT.test(clean); pass += 1) {
    const before = clean;
    clean = redactOnce(before);
    if (clean === before) break;
  }
  return clean;
};
