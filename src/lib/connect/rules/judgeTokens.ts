import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import { printable } from '../../kernel/printable.ts';
import type { AuthorizationFacts } from '../../oauth/rules/authorizationFacts.ts';

export interface ConsentAnswer {
  readonly refreshToken: string | undefined;
  readonly scope: string | undefined;
  /** Id of the account, from wherever the profile says. */
  readonly account: string | undefined;
}

export interface ConsentWanted {
  readonly provider: string;
  readonly authorization: Pick<AuthorizationFacts, 'parameters' | 'scopes'>;
  /** Of the grant. */
  readonly scopes: readonly string[];
  /** Of the consent before; absent: not known. */
  readonly accountBefore: string | undefined;
  /** The person said that it is meant to be another one. */
  readonly isOtherAccountMeant: boolean;
}

/** What OpenID Connect grants under other names, or does not name at all. */
const NOT_COMPARED = new Set(['openid', 'offline_access', 'profile', 'email', 'address', 'phone']);

/** Servers answer `https://graph.example/Mail.Read` for `Mail.Read`, and the other way round. */
const isSameScope = (one: string, other: string): boolean => {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
};

/** Scopes that were asked for and not granted. An answer without a scope granted what was asked (RFC 6749 §5.1). */
export const missingScopes = (asked: readonly string[], granted: string | undefined): readonly string[] => {
  if (granted === undefined) return [];
  const given = granted.split(/[\s,]+/).filter((scope) => scope !== '');
  return asked.filter(
    (scope) => !NOT_COMPARED.has(scope) && !given.some((other) => isSameScope(scope, other)),
  );
};

const withoutToken = ({ provider, authorization }: ConsentWanted): Failure => {
  const asked = [
    ...Object.entries(authorization.parameters ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(authorization.scopes ?? []),
  ];
  const sent =
    asked.length === 0 ? 'Nothing was asked for that would bring one' : `Sent was ${asked.join(', ')}`;
  return permanentFailure({
    code: 'no_refresh_token',
    message: `${provider} consented and gave no refresh token; nothing was changed.`,
    action: `${sent}: see whether the client may have refresh tokens there (offline access, expiring tokens, rotation), and docs/providers.md.`,
  });
};

/** Whether the tokens of a consent may replace those of the grant. Less than was asked for is refused; nothing is lost but a click. */
export const judgeTokens = (
  answer: ConsentAnswer,
  wanted: ConsentWanted,
): { readonly ok: true; readonly refreshToken: string; readonly account: string | undefined } | Failure => {
  const { refreshToken, account } = answer;
  if (refreshToken === undefined) return withoutToken(wanted);
  const missing = missingScopes(wanted.scopes, answer.scope);
  if (missing.length > 0)
    return permanentFailure({
      code: 'scope_missing',
      message: `The consent does not cover ${missing.map((scope) => printable(scope)).join(', ')}; nothing was changed.`,
      action:
        'Run the command again and leave everything ticked, or take the scope out of "scopes" of the grant.',
    });
  const { accountBefore, isOtherAccountMeant } = wanted;
  const isOther = accountBefore !== undefined && account !== undefined && account !== accountBefore;
  if (isOther && !isOtherAccountMeant)
    return permanentFailure({
      code: 'other_account',
      message: `The consent is that of account ${printable(account, 100)}, and the grant belongs to ${printable(accountBefore, 100)}; nothing was changed.`,
      action:
        'Sign in as the account that owns the integration and run the command again; if the change is meant, with --other-account.',
    });
  return { ok: true, refreshToken, account };
};
