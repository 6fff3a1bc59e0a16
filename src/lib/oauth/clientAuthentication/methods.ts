import { clientSecretBasic } from './clientSecretBasic.ts';
import { clientSecretPost } from './clientSecretPost.ts';
import { federatedIdentity } from './federatedIdentity.ts';
import type { ClientAuthenticationMethod } from './method.ts';
import { none } from './none.ts';
import { privateKeyJwt } from './privateKeyJwt.ts';
import { tlsClientAuth } from './tlsClientAuth.ts';

/** Every way in which a client can prove itself; the schema, the documents and the faults derive from it. */
export const METHODS = [
  clientSecretBasic,
  clientSecretPost,
  privateKeyJwt,
  tlsClientAuth,
  federatedIdentity,
  none,
] as const;

/** In the words of RFC 8414. */
export type ClientAuthenticationMethodName = (typeof METHODS)[number]['name'];

/** All members by which a grant may say where the credential of its client is. */
export const CREDENTIAL_MEMBERS: Intersection<(typeof METHODS)[number]['members']> = Object.assign(
  {},
  ...METHODS.map(({ members }) => members),
);

type Intersection<U> = (U extends unknown ? (member: U) => void : never) extends (member: infer I) => void
  ? I
  : never;

/** The method of that name. @throws where the table has none: the schema lets no other name pass */
export const methodNamed = (name: string): ClientAuthenticationMethod => {
  const found = METHODS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no client authentication method ${name}`);
  return found;
};
