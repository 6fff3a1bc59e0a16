import type { TokenAnswer } from '../../oauth/ports.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import { type ProviderProfile, refreshUrlOf } from '../../oauth/rules/providerProfile.ts';
import { hostOf } from './reportOutcome.ts';

type Refused = Pick<Extract<TokenAnswer, { kind: 'refused' }>, 'class' | 'oauthError' | 'httpStatus'>;
type Asker = Pick<Grant, 'clientId' | 'clientCredential'>;

/** What to do about a refusal that is not about the refresh token: by the error, else by the status, else by the class. */
export const refusalAction = (grant: Asker, profile: ProviderProfile, refused: Refused): string =>
  byError(grant, profile, refused) ?? byStatus(profile, refused) ?? byClass(grant, profile, refused);

const byError = (grant: Asker, profile: ProviderProfile, { oauthError }: Refused): string | undefined => {
  const client = `client ${grant.clientId}`;
  switch (oauthError) {
    case 'invalid_scope':
      return 'scope' in profile.extraParameters
        ? `Take the scope out of extraParameters, or allow it to ${client} at the provider.`
        : `Allow ${client} at the provider the scopes of this grant again, or consent again with those that it may have; Keywatch itself asks for none.`;
    case 'unauthorized_client':
      return `Allow ${client} the grant type refresh_token at the provider; if it is, see that this grant was given to that client.`;
    case 'unsupported_grant_type':
      return `Correct tokenEndpoint of this provider: what answers at ${hostOf(refreshUrlOf(profile))} takes no refresh tokens.`;
    case 'invalid_request':
      return `Compare the request with what the provider documents: parameters (extraParameters), bodyFormat ${profile.bodyFormat}, and one way of client authentication (${profile.clientAuthenticationMethod}).`;
    default:
      return undefined;
  }
};

const byStatus = (profile: ProviderProfile, { httpStatus, oauthError }: Refused): string | undefined => {
  const host = hostOf(refreshUrlOf(profile));
  if (httpStatus >= 300 && httpStatus < 400)
    return `Set tokenEndpoint of this provider to where ${host} redirects to now: a token is never sent after a redirect.`;
  if (oauthError !== undefined) return undefined;
  if (httpStatus === 403 || httpStatus === 451)
    return `Look whether a firewall or a list of allowed addresses in front of ${host} keeps Keywatch out (the address that it calls from, its user agent "keywatch"): without an error code of OAuth it is seldom the server's own answer.`;
  if (httpStatus === 404 || httpStatus === 405 || httpStatus === 410)
    return `Correct tokenEndpoint of this provider: at that address ${host} has no token endpoint.`;
  if (httpStatus === 415)
    return `Correct bodyFormat of this provider: ${host} does not take ${profile.bodyFormat}.`;
  if (httpStatus === 406)
    return `Correct accept of this provider: ${host} does not answer with ${profile.accept}.`;
  if (httpStatus === 407)
    return `Let the proxy between here and ${host} pass the request without a password.`;
  return undefined;
};

const byClass = (grant: Asker, profile: ProviderProfile, { class: kind }: Refused): string => {
  if (kind !== 'client')
    return 'Compare the provider settings of this grant with the provider: endpoint, client, parameters.';
  const { clientId, clientCredential } = grant;
  return `See that the provider knows client ${clientId} and authenticates it by ${profile.clientAuthenticationMethod} (else set clientAuthenticationMethod)${clientCredential.whenRefused}.`;
};
