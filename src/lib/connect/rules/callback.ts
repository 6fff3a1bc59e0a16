import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import { printable } from '../../kernel/printable.ts';
import type { AuthorizationFacts } from '../../oauth/rules/authorizationFacts.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';
import { printableCode } from '../../oauth/rules/refusal.ts';
import type { AskedProvider } from './askedProvider.ts';

/** What a callback with the `state` of this attempt says. */
export type CallbackJudgement =
  | {
      readonly ok: true;
      /** A secret until it is exchanged. */
      readonly code: string;
      /** Id of the account, where the callback names it. */
      readonly account: string | undefined;
      /** What the profile says is worth showing. */
      readonly fields: Readonly<Record<string, string>>;
    }
  | Failure;

/** RFC 6749 appendix A.11. As long as the query lets it be: some servers keep nothing and have it all in the code. */
const CODE = /^[\x20-\x7e]+$/;
const LONGEST_FIELD = 200;

const refuse = (code: string, message: string, action: string): Failure =>
  permanentFailure({ code, message, action });

const AGAIN = 'Start again.';

const originOf = (address: string | undefined): string | undefined =>
  address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;

/** One member, or nothing; two of a name are nobody's answer. */
const single = (query: URLSearchParams, name: string): string | undefined => {
  const [first, ...more] = query.getAll(name);
  return more.length > 0 ? undefined : first;
};

const REPEATABLE_NEVER = ['code', 'state', 'iss', 'error'];

/** Whether the answer is this server's own: compared as a string, and on errors too. @see RFC 9207 §2.4 */
const mixUp = (
  query: URLSearchParams,
  { authorization, displayName }: AskedProvider,
): Failure | undefined => {
  const { issuer, issParameter, endpoint } = authorization;
  const iss = single(query, 'iss');
  const wrong = (what: string): Failure =>
    refuse(
      'issuer_mismatch',
      `The answer ${what}; it was not used, as it may be another server's.`,
      `If that is ${displayName} all the same, set authorization.issuer of the provider; otherwise find out who sent it.`,
    );
  if (iss === undefined)
    return issParameter === 'required' ? wrong('does not say which server it is from') : undefined;
  if (issuer !== undefined)
    return iss === issuer
      ? undefined
      : wrong(`names ${printable(iss, 100)} as its server, and not ${issuer}`);
  return originOf(iss) === originOf(endpoint)
    ? undefined
    : wrong(`names ${printable(iss, 100)} as its server, which is not at ${originOf(endpoint)}`);
};

const errorAction = (known: string | undefined): string =>
  known === 'temporarily_unavailable' || known === 'server_error'
    ? 'Wait a little, and start again.'
    : 'Look at the client, its redirect address and its scopes at the provider.';

const errorFailure = (error: string, profile: AskedProvider): Failure => {
  const known = printableCode(error, profile);
  if (known === 'access_denied')
    return refuse(
      'access_denied',
      'The consent was declined.',
      'Nothing was changed; start again to ask once more.',
    );
  return refuse(
    'authorization_refused',
    `${profile.displayName} refuses the request (${known ?? 'for a reason that is not a known code'}).`,
    errorAction(known),
  );
};

/** Of what comes without the `state` of an attempt: some servers leave it out of their errors. @see RFC 6749 §4.1.2.1 */
export const unboundAnswer = (query: URLSearchParams, profile: ProviderProfile | undefined): Failure => {
  const known = profile && printableCode(single(query, 'error'), profile);
  return known === undefined
    ? refuse('no_attempt', 'This is no answer to a consent.', 'Nothing was changed; start again.')
    : refuse(
        'no_attempt',
        `The answer does not say to which consent it is one; it says ${known}.`,
        errorAction(known),
      );
};

/** An account of another data centre: its tokens are good at its own server alone. Nothing is sent to where the callback points. */
const elsewhere = (
  query: URLSearchParams,
  { authorization, tokenEndpoint }: AskedProvider,
): Failure | undefined => {
  const { tokenServerField } = authorization;
  const said = tokenServerField && single(query, tokenServerField);
  if (!said || originOf(said) === originOf(tokenEndpoint)) return undefined;
  return refuse(
    'other_token_server',
    `The account is at ${printable(originOf(said) ?? 'another server', 100)}, and the provider of this grant at ${originOf(tokenEndpoint)}.`,
    'If that is where the account belongs, correct the variables of the provider in keywatch.config.json.',
  );
};

const accountOf = (query: URLSearchParams, { accountIdentity }: AuthorizationFacts): string | undefined =>
  accountIdentity?.from === 'callback'
    ? single(query, accountIdentity.at.slice(1))?.slice(0, LONGEST_FIELD)
    : undefined;

/**
 * What a callback means whose `state` is that of this attempt and was not seen before. First whose answer it is,
 * then what it says.
 */
export const judgeCallback = (query: URLSearchParams, profile: AskedProvider): CallbackJudgement => {
  const doubled = REPEATABLE_NEVER.find((name) => query.getAll(name).length > 1);
  if (doubled !== undefined)
    return refuse('callback_malformed', `The answer has "${doubled}" twice; it was not used.`, AGAIN);
  const error = single(query, 'error');
  const failure =
    mixUp(query, profile) ??
    (error === undefined ? undefined : errorFailure(error, profile)) ??
    elsewhere(query, profile);
  if (failure !== undefined) return failure;
  const code = single(query, 'code') ?? '';
  if (!CODE.test(code)) return refuse('no_code', 'The answer has no code that could be exchanged.', AGAIN);
  const fields = (profile.authorization.callbackFields ?? []).flatMap((name) => {
    const value = single(query, name);
    return value === undefined ? [] : [[name, printable(value, LONGEST_FIELD)]];
  });
  return {
    ok: true,
    code,
    account: accountOf(query, profile.authorization),
    fields: Object.fromEntries(fields),
  };
};
