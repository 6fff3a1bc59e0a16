import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import { firstNamed } from '../../kernel/firstNamed.ts';
import { printable } from '../../kernel/printable.ts';
import type { AuthorizationFacts } from '../../oauth/rules/authorizationFacts.ts';
import { missingScopes } from '../../oauth/rules/grantedScopes.ts';

export interface ConsentAnswer {
  readonly refreshToken: string | undefined;
  readonly scope: string | undefined;
  /** Id of the account, from wherever the profile says. */
  readonly account?: string | undefined;
}

export interface ConsentWanted {
  readonly provider: string;
  readonly authorization: Pick<AuthorizationFacts, 'parameters' | 'scopes' | 'accountIdentity'>;
  /** Of the grant. */
  readonly scopes: readonly string[];
  /** The scope that the exchange of the code names; absent: none. */
  readonly requested?: string | undefined;
  /** Of the consent before; absent: not known. */
  readonly accountBefore: string | undefined;
  /** The person said that it is meant to be another one. */
  readonly isOtherAccountMeant: boolean;
}

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
  const missing = missingScopes(wanted.scopes, answer.scope, wanted.requested);
  if (missing.length > 0)
    return permanentFailure({
      code: 'scope_missing',
      message: `The consent does not cover ${firstNamed(missing, 5, (scope) => printable(scope))}; nothing was changed.`,
      action: 'Start again and leave everything ticked, or take the scope out of "scopes" of the grant.',
    });
  const other = wanted.isOtherAccountMeant ? undefined : otherAccount(account, wanted);
  return other ?? { ok: true, refreshToken, account };
};

/** What only a person can say: whether it may be this account's consent. */
export const ACCOUNT_QUESTIONS: ReadonlySet<string> = new Set(['other_account', 'account_unknown']);

/** Nothing is compared with an account that nobody knows, nor where the provider names none. */
const otherAccount = (
  account: string | undefined,
  { accountBefore, authorization: { accountIdentity }, provider }: ConsentWanted,
): Failure | undefined => {
  if (accountBefore === undefined || account === accountBefore) return undefined;
  const before = `the grant belongs to ${printable(accountBefore, 100)}; nothing was changed.`;
  const action =
    'Sign in as the account that owns the integration and start again; if the change is meant, with --other-account.';
  if (account !== undefined)
    return permanentFailure({
      code: 'other_account',
      message: `The consent is that of account ${printable(account, 100)}, and ${before}`,
      action,
    });
  return (
    accountIdentity &&
    permanentFailure({
      code: 'account_unknown',
      message: `${provider} did not say whose consent it is, and ${before}`,
      action,
    })
  );
};
