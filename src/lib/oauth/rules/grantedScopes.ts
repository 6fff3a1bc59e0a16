import type { AuthorizationFacts } from './authorizationFacts.ts';

/** What OpenID Connect grants under other names, or does not name at all, and all that is registered at Entra ID. */
const NOT_COMPARED =
  /^(?:openid|offline_access|address|phone|(?:\S*\/userinfo\.)?(?:profile|email)|(?:\S*\/)?\.default)$/;
const ALL_REGISTERED = /(?:^|\/)\.default$/;

/** Servers answer `https://graph.example/Mail.Read` for `Mail.Read`, and the other way round. */
const isSameScope = (one: string, other: string): boolean => {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
};

const scopesIn = (granted: string): readonly string[] =>
  granted.split(/[\s,]+/).filter((scope) => scope !== '');

const notAmong = (scopes: readonly string[], others: readonly string[]): readonly string[] =>
  scopes.filter((scope) => !NOT_COMPARED.test(scope) && !others.some((other) => isSameScope(scope, other)));

/** Of a grant, and what its provider takes besides. */
export interface AskedScopes {
  readonly scopes: readonly string[];
  readonly authorization: Pick<AuthorizationFacts, 'scopes'>;
}

/**
 * Scopes that were asked for and not granted. An answer without a scope granted what was asked (RFC 6749 §5.1).
 * @param requested the scope that the request itself names: the answer covers no other, whatever the grant does. Absent: none
 */
export const missingScopes = (
  asked: readonly string[],
  granted: string | undefined,
  requested?: string,
): readonly string[] => {
  if (granted === undefined) return [];
  const wanted = scopesIn(requested ?? '');
  const isAnswered = (scope: string): boolean =>
    requested === undefined || wanted.some((one) => isSameScope(one, scope));
  return notAmong(asked.filter(isAnswered), scopesIn(granted));
};

/** Scopes that were granted and not asked for. Where the grant names none, or all, there is nothing to compare with. */
export const excessScopes = ({ scopes, authorization }: AskedScopes, granted = ''): readonly string[] =>
  scopes.length === 0 || scopes.some((scope) => ALL_REGISTERED.test(scope))
    ? []
    : notAmong(scopesIn(granted), [...(authorization.scopes ?? []), ...scopes]);
