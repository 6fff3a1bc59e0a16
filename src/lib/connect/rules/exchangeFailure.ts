import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';
import type { RefusalClass } from '../../oauth/rules/refusalWords.ts';

/** What came of sending a code, where it was no tokens; as `TokenAnswer` has it, without what only a program needs. */
export type ExchangeRefusal =
  | { readonly kind: 'fenced' }
  | { readonly kind: 'not_sent' | 'ambiguous'; readonly reason: string; readonly cause?: unknown }
  | {
      readonly kind: 'refused';
      readonly oauthError: string | undefined;
      readonly httpStatus: number;
      readonly class: RefusalClass;
    };

const REFUSED = {
  dead: {
    what: 'does not take the code: it was used, has ended, or is not of this client and redirect address',
    action: 'Start again.',
  },
  client: {
    what: 'refuses the client',
    action:
      'See that the client secret in the vault, or what else proves the client, is the one that is registered.',
  },
  configuration: {
    what: 'refuses the request',
    action: 'Look at the redirect address, the client and the token endpoint of the provider.',
  },
  retry_later: { what: 'asks to come back later', action: 'Wait a little, and start again.' },
} as const;

/** In words, that no tokens came for a code. A code is never sent twice: a second use may revoke what the first gave (RFC 6749 §4.1.2). */
export const exchangeFailure = (
  answer: ExchangeRefusal,
  { displayName }: Pick<ProviderProfile, 'displayName'>,
): Failure => {
  if (answer.kind === 'refused') {
    const { what, action } = REFUSED[answer.class];
    return permanentFailure({
      code: 'code_refused',
      message: `${displayName} ${what} (${answer.oauthError ?? `HTTP ${answer.httpStatus}`}); nothing was changed.`,
      action,
      httpStatus: answer.httpStatus,
    });
  }
  const isSent = answer.kind === 'ambiguous';
  const reason = answer.kind === 'fenced' ? 'stopped before it was sent' : answer.reason;
  return permanentFailure({
    code: isSent ? 'answer_lost' : 'not_sent',
    message: isSent
      ? `The code was sent to ${displayName} and no usable answer came (${reason}); it is not sent again, and nothing was changed.`
      : `The code was not sent to ${displayName} (${reason}); nothing was changed.`,
    action: 'Start again, and consent once more.',
    cause: 'cause' in answer ? answer.cause : undefined,
  });
};
