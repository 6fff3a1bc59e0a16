import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import type { AuthorizationFacts } from '../../oauth/rules/authorizationFacts.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';

/** A provider that a person can be sent to. */
export type AskedProvider = ProviderProfile & { readonly authorization: AuthorizationFacts };

/** Whether a person may be asked: the provider has a page for it, and the grant needs a consent or is to have one. */
export const askedProvider = (
  {
    grant,
    profile,
    replace,
  }: {
    readonly grant: { readonly id: string };
    readonly profile: ProviderProfile;
    readonly replace: boolean;
  },
  state: 'new' | 'dead' | 'alive',
): { readonly ok: true; readonly asked: AskedProvider } | Failure => {
  const { authorization } = profile;
  if (authorization === undefined)
    return permanentFailure({
      code: 'no_authorization_endpoint',
      message: `Nothing is known of how provider ${profile.id} asks for a consent.`,
      action: 'Set "authorization" with its "endpoint" for that provider in keywatch.config.json.',
    });
  if (state !== 'alive' || replace) return { ok: true, asked: { ...profile, authorization } };
  return permanentFailure({
    code: 'grant_alive',
    message: `Grant ${grant.id} is not known to be dead; nothing was changed.`,
    action:
      'Where somebody connected it just now, nothing is left to do. To replace its consent all the same, use the button of its page, or --replace of npm run connect: some providers end the former one with it.',
  });
};
