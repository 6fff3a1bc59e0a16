import { describe, expect, it } from 'vitest';
import type { TokenAnswer } from '../../../../src/lib/oauth/ports.ts';
import type { Grant } from '../../../../src/lib/oauth/rules/grant.ts';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { clientCredential } from '../../../fakes/clientCredential.ts';
import { type RefreshWorld, refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { answerWith, refusal } from '../../../fakes/refresh/worldEvents.ts';

const outcomeOf = async (
  answer: TokenAnswer,
  grant: Partial<Grant> = {},
  profile: Partial<ProviderProfile> = {},
) => {
  const base = refreshWorld({ kind: 'strict' });
  const world: RefreshWorld = {
    ...base,
    grant: { ...base.grant, ...grant },
    profile: { ...base.profile, ...profile },
  };
  answerWith(world, answer);
  const { outcome } = await runSolo(world);
  if (outcome === 'crashed' || !('action' in outcome && 'message' in outcome))
    throw new Error('no action was reported');
  return outcome;
};

const notOurs = refusal({ oauthError: 'invalid_client', httpStatus: 401, class: 'client' });

describe('what is to be done about a refusal', () => {
  it('of the client names the way of authentication, the client and the secret or key that it is proven by', async () => {
    const bySecret = await outcomeOf(
      notOurs,
      {
        clientCredential: clientCredential('client_secret_post', {
          clientSecret: { secretName: 'oauth-client' },
        }),
      },
      { clientAuthenticationMethod: 'client_secret_post' },
    );
    expect(bySecret.action).toContain('client_secret_post (else set clientAuthenticationMethod)');
    expect(bySecret.action).toContain('secret oauth-client of kv-clients');
    const byKey = await outcomeOf(
      notOurs,
      { clientCredential: clientCredential('private_key_jwt', { clientKey: { keyName: 'oauth-client' } }) },
      { clientAuthenticationMethod: 'private_key_jwt' },
    );
    expect(byKey.action).toMatch(/by private_key_jwt .* public part of key oauth-client .* algorithm/);
  });

  it('of the scope is at the provider, unless the config asks for one', async () => {
    const answer = refusal({ oauthError: 'invalid_scope' });
    expect((await outcomeOf(answer)).action).toMatch(/at the provider the scopes .* asks for none/);
    const asking = await outcomeOf(answer, {}, { extraParameters: { scope: 'all' } });
    expect(asking.action).toContain('Take the scope out of extraParameters');
  });

  it.each([
    [{ httpStatus: 308 }, /tokenEndpoint .* redirects/],
    [{ httpStatus: 403 }, /firewall .* in front of login\.example/],
    [{ httpStatus: 404 }, /Correct tokenEndpoint .* login\.example has no token endpoint/],
    [{ httpStatus: 415 }, /bodyFormat/],
    [{ oauthError: 'unsupported_grant_type' }, /takes no refresh tokens/],
    [{ oauthError: 'unauthorized_client', class: 'client' as const }, /grant type refresh_token/],
  ])('says what %o most likely means', async (given, action) => {
    expect((await outcomeOf(refusal(given))).action).toMatch(action);
  });
});

describe('what could not be sent', () => {
  it('by the settings asks a person to correct them, and not to wait', async () => {
    const outcome = await outcomeOf({
      kind: 'not_sent',
      reason: 'the token endpoint must be https, not http',
      isOfSettings: true,
    });
    expect(outcome).toMatchObject({ kind: 'misconfigured', retryable: false });
    expect(outcome.action).toContain('Correct the settings of provider strict');
  });

  it('for want of a connection is tried again, and says what to check if that lasts', async () => {
    const outcome = await outcomeOf({
      kind: 'not_sent',
      reason: 'no connection to the token endpoint (ENOTFOUND)',
    });
    expect(outcome).toMatchObject({ kind: 'transient_failure', code: 'not_sent', retryable: true });
    expect(outcome.message).toContain('ENOTFOUND');
    expect(outcome.action).toMatch(/^Nothing now: it is tried again; if it lasts, .*login\.example/);
  });
});
