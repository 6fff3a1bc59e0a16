import type { Finding } from '../../credentials/findings.ts';
import { firstNamed } from '../../kernel/firstNamed.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { printable } from '../../kernel/printable.ts';
import { type Claims, readJwt } from './jwt.ts';
import { sensitiveNames } from './sensitiveNames.ts';

/** What the config expects of the access tokens of one client. */
export interface TokenExpectations {
  /** Application roles that it needs, and no others; absent: nobody said. */
  readonly roles: readonly string[] | undefined;
  /** Scopes that it needs, and no others; absent: nobody said. */
  readonly scopes: readonly string[] | undefined;
  readonly maxTokenMinutes: number;
}

/** An access token beside what its answer said of it. Held in memory only. */
export interface ReceivedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number | undefined;
  /** `scope` of the answer. @see RFC 6749 §5.1 */
  readonly scope: string | undefined;
  /** What the client proved itself with: an answer may repeat it where names are expected. */
  readonly sentSecrets?: readonly string[] | undefined;
}

export interface TokenReading {
  /** What was seen, in one sentence without any value of a claim but roles and scopes. */
  readonly shown: string;
  readonly findings: readonly Finding[];
}

const MOST_NAMED = 10;
const MOST_GRANTED = 1_000;

/** Compares what a token grants, how long, and what it carries, with what is expected of it. Pure; verifies nothing. */
export const readToken = (token: ReceivedToken, expects: TokenExpectations): TokenReading => {
  const named = namesOf([token.accessToken, ...(token.sentSecrets ?? [])]);
  const reading = readJwt(token.accessToken);
  const claims = reading.kind === 'jwt' ? reading.claims : {};
  const roles = wordsOf(claims['roles'] ?? (expects.roles && rolesOfKeycloak(claims)));
  const scopes = wordsOf(claims['scp'] ?? claims['scope'] ?? token.scope);
  const minutes = lifetimeMinutes(claims, token.expiresInSeconds);
  const isReadable = reading.kind === 'jwt';
  const findings = [
    ...(reading.kind === 'unsafe'
      ? [finding('unsafe_token', `The access token is unsafe: ${reading.problem}.`)]
      : []),
    ...(isReadable ? compared(named, 'role', roles, expects.roles) : []),
    ...(scopes.length > 0 || isReadable ? compared(named, 'scope', scopes, expects.scopes) : []),
    ...tooLong(minutes, expects.maxTokenMinutes),
    ...sensitive(named, claims),
  ];
  const kinds = { jwt: 'a JWT', opaque: 'opaque', unsafe: 'a JWT that is not believed' };
  const parts = [
    kinds[reading.kind],
    `roles ${named(roles)}`,
    `scopes ${named(scopes)}`,
    minutes === undefined ? 'of unknown life' : `lives ${minutes} minutes`,
  ];
  return { shown: parts.join(', '), findings };
};

const finding = (code: Finding['code'], detail: string): Finding => ({ code, detail });

/**
 * Keycloak has roles of its realm, and of each client. Among them are those that everybody has, so they are looked
 * at only where the config expects some.
 */
const rolesOfKeycloak = (claims: Claims): readonly unknown[] => {
  const { realm_access: realm, resource_access: resources } = claims;
  const holders = [realm, ...(isRecord(resources) ? Object.values(resources) : [])];
  return holders.flatMap((one) => (isRecord(one) && Array.isArray(one['roles']) ? one['roles'] : []));
};

/** A claim of words: a list, or a text with blanks between. What is anything else says nothing. */
const wordsOf = (given: unknown): readonly string[] => {
  const words = typeof given === 'string' ? given.split(/[\s,]+/) : Array.isArray(given) ? given : [];
  return words
    .filter((word): word is string => typeof word === 'string' && word !== '')
    .slice(0, MOST_GRANTED);
};

/** Says how words from outside are shown: bounded, and no secret among them, nor a part of one. */
const namesOf =
  (secrets: readonly string[]) =>
  (words: readonly string[]): string => {
    if (words.length === 0) return 'none';
    const isSecret = (word: string): boolean =>
      /eyJ[\w-]{10,}\./.test(word) || secrets.some((one) => word.includes(one) || isPartOf(word, one));
    return firstNamed(words, MOST_NAMED, (word) => (isSecret(word) ? '(a secret)' : printable(word, 120)));
  };

/** A shorter one is in many texts by chance. */
const isPartOf = (word: string, secret: string): boolean => word.length >= 16 && secret.includes(word);

const compared = (
  named: ReturnType<typeof namesOf>,
  what: 'role' | 'scope',
  granted: readonly string[],
  expected: readonly string[] | undefined,
): Finding[] => {
  if (expected === undefined)
    return granted.length === 0
      ? []
      : [
          finding(
            'scope_not_declared',
            `The config does not say which ${what}s it needs (expects.${what}s); it was granted ${named(granted)}.`,
          ),
        ];
  const missing = expected.filter((word) => !granted.includes(word));
  const excess = granted.filter((word) => !expected.includes(word));
  return [
    ...(missing.length === 0
      ? []
      : [finding('role_missing', `Its access token lacks the ${what}s ${named(missing)}.`)]),
    ...(excess.length === 0
      ? []
      : [
          finding(
            'excess_scope',
            `It was granted the ${what}s ${named(excess)}, which the config does not expect.`,
          ),
        ]),
  ];
};

/** From `iat` to `exp`, else what the answer said; absent where neither is a time that can be. */
const lifetimeMinutes = (
  { exp, iat, nbf }: Claims,
  expiresInSeconds: number | undefined,
): number | undefined => {
  const start = typeof iat === 'number' ? iat : nbf;
  const seconds =
    typeof exp === 'number' && typeof start === 'number' && exp > start ? exp - start : expiresInSeconds;
  return seconds !== undefined && Number.isFinite(seconds) && seconds > 0
    ? Math.round(seconds / 60)
    : undefined;
};

const tooLong = (minutes: number | undefined, maxMinutes: number): Finding[] =>
  minutes === undefined || minutes <= maxMinutes
    ? []
    : [
        finding(
          'long_lived_access_token',
          `Its access tokens live ${minutes} minutes, more than the ${maxMinutes} that are allowed: whoever finds one may use it that long.`,
        ),
      ];

const sensitive = (named: ReturnType<typeof namesOf>, claims: Claims): Finding[] => {
  const names = sensitiveNames(claims);
  return names.length === 0
    ? []
    : [
        finding(
          'sensitive_claim',
          `Everybody who holds its access token can read these claims: ${named(names)}.`,
        ),
      ];
};
