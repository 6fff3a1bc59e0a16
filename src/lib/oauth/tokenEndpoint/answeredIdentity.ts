import type { AccountIdentity } from '../rules/authorizationFacts.ts';
import type { ProviderProfile } from '../rules/providerProfile.ts';
import type { JsonMember } from './tolerantJson.ts';

const ID_TOKEN = 'id_token';
const LONGEST_ID = 200;

type Facts = Pick<ProviderProfile, 'authorization'>;

const identityOf = ({ authorization }: Facts): AccountIdentity | undefined => authorization?.accountIdentity;

export const isAccountMember = (key: string, profile: Facts): boolean => {
  const identity = identityOf(profile);
  if (identity?.from === 'id_token') return key === ID_TOKEN;
  return identity?.from === 'answer' && key === identity.at.split('/').at(-1);
};

const claimsOf = (idToken: string): unknown => {
  const [, payload = ''] = idToken.split('.');
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return undefined;
  }
};

const memberOf = (claims: unknown, name: string): string | undefined => {
  const found =
    typeof claims === 'object' && claims !== null && Object.hasOwn(claims, name)
      ? (claims as Record<string, unknown>)[name]
      : undefined;
  return idOf(found);
};

/** A number past 2^53 was rounded, to the id of another account perhaps. */
const idOf = (found: unknown): string | undefined => {
  const id = typeof found === 'string' || Number.isSafeInteger(found) ? String(found) : '';
  return id === '' || id.length > LONGEST_ID ? undefined : id;
};

/**
 * Id of the account of an answer. An ID token that comes from the token endpoint itself needs no check of its
 * signature: the connection says whose it is (OpenID Connect Core §3.1.3.7). Whether it is that of one
 * authorization request its `nonce` says.
 */
export const answeredIdentity = (
  members: readonly JsonMember[],
  profile: Facts,
): { readonly account?: string | undefined; readonly nonce?: string | undefined } => {
  const identity = identityOf(profile);
  if (identity === undefined || identity.from === 'callback') return {};
  if (identity.from === 'answer')
    return { account: idOf(members.find(({ pointer }) => pointer === identity.at)?.value) };
  const claims = claimsOf(String(members.find(({ key }) => key === ID_TOKEN)?.value));
  return { account: memberOf(claims, identity.at.slice(1)), nonce: memberOf(claims, 'nonce') };
};
